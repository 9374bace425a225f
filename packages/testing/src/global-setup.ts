import { startEngines } from '@bellwether/engines';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  export interface ProvidedContext {
    /** `http://user:password@host:port` */
    warehouseUrl: string;
    /** A database that may create others. */
    recordsUrl: string;
  }
}

/**
 * Starts one pair of engines for the run, or takes those that TEST_WAREHOUSE_URL and TEST_RECORDS_URL name: the same
 * tests then prove the application against real servers.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = { warehouse: process.env['TEST_WAREHOUSE_URL'], records: process.env['TEST_RECORDS_URL'] };
  const dataFolder = mkdtempSync(join(tmpdir(), 'bellwether-test-'));
  const engines = await startEngines({
    dataFolder,
    ...(given.warehouse === undefined ? {} : { warehouseUrl: given.warehouse }),
    ...(given.records === undefined ? {} : { recordsUrl: given.records }),
  });
  project.provide('warehouseUrl', engines.warehouseUrl);
  project.provide('recordsUrl', engines.recordsUrl);
  return async () => {
    await engines.stop();
    rmSync(dataFolder, { recursive: true, force: true });
  };
}
