// The same HTTP server twice, in a process of its own: MODE=journal answers when the journal has the events,
// MODE=insert when the warehouse has them. It tells its parent its URL; `POST /drained` answers when all is stored, with
// the microseconds of CPU that the process has used.
import { systemClock } from '@bellwether/contracts';
import { openCollection } from '@bellwether/pipeline';
import { clickhouseTime, Warehouse } from '@bellwether/warehouse';
import Fastify from 'fastify';
import { randomUUID } from 'node:crypto';

interface Intake {
  batch: (body: Buffer) => Promise<unknown>;
  drained: () => Promise<void>;
}

const { MODE, FOLDER = '', WAREHOUSE = '' } = process.env;
const warehouse = new Warehouse({ url: WAREHOUSE });
const intake = MODE === 'journal' ? await journalled() : inserting();

const app = Fastify({ bodyLimit: 1024 * 1024 });
app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) =>
  done(null, body),
);
app.post<{ Body: Buffer }>('/v1/batch', request => intake.batch(request.body));
app.post('/drained', async () => {
  await intake.drained();
  const { user, system } = process.cpuUsage();
  return { cpu: user + system };
});
process.send?.(await app.listen({ port: 0, host: '127.0.0.1' }));
process.on('disconnect', () => process.exit());

async function journalled(): Promise<Intake> {
  const collection = await openCollection({ folder: FOLDER, warehouse, clock: systemClock });
  return {
    batch: body => collection.receive('batch', body, 'bench'),
    drained: () => collection.drained(),
  };
}

/** What a design without a journal does; it does not even validate. */
function inserting(): Intake {
  return {
    batch: async body => {
      const { batch } = JSON.parse(body.toString()) as { batch: Sent[] }; // our own client sends it
      await warehouse.insert('events', batch.map(rowOf), { token: randomUUID() });
      return { accepted: batch.length };
    },
    drained: async () => undefined,
  };
}

interface Sent {
  type: string;
  messageId: string;
  userId: string;
  event: string;
  timestamp: string;
  properties: object;
  context: object;
}

function rowOf(sent: Sent): object {
  return {
    event_id: sent.messageId,
    type: sent.type,
    name: sent.event,
    user_id: sent.userId,
    anonymous_id: '',
    previous_id: '',
    at: clickhouseTime(new Date(sent.timestamp)),
    received_at: clickhouseTime(systemClock.now()),
    source: 'bench',
    properties: JSON.stringify(sent.properties),
    context: JSON.stringify(sent.context),
  };
}
