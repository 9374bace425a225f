import { freshRecordsUrl, freshWarehouseUrl } from '@bellwether/testing';
import { Warehouse } from '@bellwether/warehouse';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { expectExactlyOnce, killRounds, seeded } from './fixtures/killed.test-support.ts';

test('a server killed while it takes events and files loses nothing that it acknowledged, and doubles nothing', async () => {
  const data = mkdtempSync(join(tmpdir(), 'bellwether-killed-'));
  const [warehouseUrl, recordsUrl] = await Promise.all([freshWarehouseUrl(), freshRecordsUrl()]);
  const env = { WAREHOUSE_URL: warehouseUrl, RECORDS_URL: recordsUrl };
  const warehouse = new Warehouse({ url: warehouseUrl });
  try {
    const promised = await killRounds({ data, env, rounds: 2, random: seeded(11) });
    expect(promised.imports.length).toBeGreaterThan(0);
    await expectExactlyOnce(warehouse, promised);
  } finally {
    await warehouse.close();
    rmSync(data, { recursive: true, force: true });
  }
});
