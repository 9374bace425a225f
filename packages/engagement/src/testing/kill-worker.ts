// A worker in a process of its own, to be killed. It passes until it is told to stop or dies.
import { systemClock } from '@bellwether/contracts';
import { openRecords } from '@bellwether/records';
import { Warehouse } from '@bellwether/warehouse';
import { openEmailChannel } from '../channels/email.ts';
import { startWorker } from '../delivery/worker.ts';
import { openEngagement } from '../engagement.ts';
import { SECRET } from './shop.ts';

const [warehouseUrl, recordsUrl, smtpUrl] = process.argv.slice(2) as [string, string, string];

const engagement = openEngagement({
  stores: {
    warehouse: new Warehouse({ url: warehouseUrl }),
    records: openRecords({ url: recordsUrl }),
    clock: systemClock,
  },
  channels: [openEmailChannel({ smtpUrl, from: { name: 'Shop', address: 'hello@shop.example' } })],
  links: { publicUrl: 'https://mail.shop.example', secret: SECRET },
  shop: { name: 'Shop', currency: 'EUR', locale: 'en' },
  log: (what, detail) => process.stderr.write(`${what} ${JSON.stringify(detail)}\n`),
});
startWorker(engagement, { everyMs: 20 });
process.stdout.write('working\n');
