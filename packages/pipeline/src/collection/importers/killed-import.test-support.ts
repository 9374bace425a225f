// Carries an import out in a process of its own, so that a test can kill it: node --import tsx THIS WAREHOUSE RECORDS ID
import { SteppedClock } from '@bellwether/contracts';
import { openRecords } from '@bellwether/records';
import { Warehouse } from '@bellwether/warehouse';
import { runImport } from './index.ts';

const [warehouseUrl = '', recordsUrl = '', importId = '', now = '0'] = process.argv.slice(2);
const stores = {
  warehouse: new Warehouse({ url: warehouseUrl }),
  records: openRecords({ url: recordsUrl }),
  clock: new SteppedClock(Number(now)),
};
const say = (step: string): boolean => process.stdout.write(`${step}\n`);
say('begin');
await runImport(
  stores,
  importId,
  { onProgress: ({ step = '' }) => say(step) },
  { rows: 100, bytes: 1 << 20 },
);
say('done');
await stores.warehouse.close();
await stores.records.destroy();
