// A parent of engines, for tests that kill it: starts them on the folder in argv[2] and says so.
import { startEngines } from './engines.ts';

const engines = await startEngines({ dataFolder: process.argv[2] ?? '' });
process.stdout.write(
  `${JSON.stringify({ warehouseUrl: engines.warehouseUrl, recordsUrl: engines.recordsUrl })}\n`,
);
process.once('SIGTERM', () => void engines.stop().then(() => process.exit(0)));
setInterval(() => undefined, 60_000);
