// A mail server in a process of its own. It appends the Message-ID of each mail to a file before it acknowledges it, so
// that the file holds what truly arrived, and waits a little, so that there is something on the wire to be killed.
import { appendFileSync } from 'node:fs';
import { SMTPServer } from 'smtp-server';

const [file, port, delay] = process.argv.slice(2) as [string, string, string];

const server = new SMTPServer({
  ...{ authOptional: true, disabledCommands: ['STARTTLS', 'AUTH'], logger: false },
  onData: (stream, _, done) => {
    let head = '';
    stream.on('data', (chunk: Buffer) => {
      head += chunk.toString('latin1');
    });
    stream.on('end', () => {
      appendFileSync(file, `${/^Message-ID: <(.*?)@/im.exec(head)?.[1] ?? 'none'}\n`);
      setTimeout(() => done(), Math.random() * Number(delay));
    });
  },
});
server.on('error', () => undefined);
server.listen(Number(port), '127.0.0.1', () => process.stdout.write('listening\n'));
