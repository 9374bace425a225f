import { startEngines } from '@bellwether/engines';
import { Warehouse } from '@bellwether/warehouse';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { expectExactlyOnce, killRounds, seeded } from './fixtures/killed.test-support.ts';

test('killed twenty times with its own engines, it loses nothing and doubles nothing', async () => {
  const data = mkdtempSync(join(tmpdir(), 'bellwether-killed-'));
  try {
    const promised = await killRounds({ data, env: {}, rounds: 20, random: seeded(7) });
    expect(promised.imports.length).toBeGreaterThan(0);
    const engines = await startEngines({ dataFolder: data });
    const warehouse = new Warehouse({ url: engines.warehouseUrl });
    await expectExactlyOnce(warehouse, promised).finally(async () => {
      await warehouse.close();
      await engines.stop();
    });
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
});
