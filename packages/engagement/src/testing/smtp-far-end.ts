import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import type { AddressInfo } from 'node:net';

/** How the server behaves towards the next mail. */
export type Manner =
  'accept' | 'try_later' | 'refuse_sender' | 'refuse_address' | 'refuse_content' | 'hang_up_after_body';

/** A real SMTP server on loopback that keeps what it accepted, as it came over the wire. */
export interface SmtpFarEnd {
  url: string;
  received: string[];
  manner: Manner;
  close(): Promise<void>;
}

export async function openSmtpFarEnd(port = 0): Promise<SmtpFarEnd> {
  const server = new SMTPServer({
    ...{ authOptional: true, disabledCommands: ['STARTTLS', 'AUTH'], hideSTARTTLS: true, logger: false },
    onMailFrom: (_, __, done) =>
      done(farEnd.manner === 'refuse_sender' ? refusal('550 5.7.1 go away') : null),
    onRcptTo: (_, __, done) => done(ofAddress(farEnd.manner)),
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        if (farEnd.manner === 'hang_up_after_body') return hangUp(server, session.id);
        if (farEnd.manner === 'refuse_content') return done(refusal('554 5.6.0 not this'));
        farEnd.received.push(Buffer.concat(chunks).toString());
        done();
      });
    },
  } satisfies SMTPServerOptions);
  // a client that goes away in the middle is part of the game
  server.on('error', () => undefined);
  const farEnd: SmtpFarEnd = { url: '', received: [], manner: 'accept', close: () => closed(server) };
  await new Promise<void>(ready => server.listen(port, '127.0.0.1', ready));
  // a TCP server's address is never a path
  farEnd.url = `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`;
  return farEnd;
}

function ofAddress(manner: Manner): Error | null {
  if (manner === 'try_later') return refusal('451 4.3.0 try later');
  return manner === 'refuse_address' ? refusal('550 5.1.1 no such user') : null;
}

function refusal(reply: string): Error {
  return Object.assign(new Error(reply.slice(4)), { responseCode: Number(reply.slice(0, 3)) });
}

function hangUp(server: SMTPServer, sessionId: string): void {
  for (const connection of server.connections as Iterable<{ id: string; _socket: { destroy(): void } }>)
    if (connection.id === sessionId) connection._socket.destroy();
}

function closed(server: SMTPServer): Promise<void> {
  return new Promise(done => server.close(() => done()));
}
