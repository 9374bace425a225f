import { freshRecordsUrl, freshWarehouseUrl } from '@bellwether/testing';
import { Rng } from '@bellwether/ml';
import { expect, test } from 'vitest';
import { killRounds } from '../testing/kill-rounds.ts';

test('a worker killed while it sends: no message is lost, none is sent twice', async () => {
  const rng = new Rng(7);
  const report = await killRounds({
    ...{ warehouseUrl: await freshWarehouseUrl(), recordsUrl: await freshRecordsUrl() },
    ...{ messages: 600, rounds: 3, workers: 1, delay: 10, random: () => rng.uniform() },
  });
  expect(new Set(report.arrived).size).toBe(report.arrived.length);
  expect(report.sent.length + report.unknown.length).toBe(600);
  // all that is called sent arrived, and nothing arrived that is not called sent or unknown
  const arrived = new Set(report.arrived);
  expect(report.sent.filter(key => !arrived.has(key))).toEqual([]);
  const known = new Set([...report.sent, ...report.unknown]);
  expect(report.arrived.filter(key => !known.has(key))).toEqual([]);
  expect(report.killedAtWork).toBeGreaterThan(1);
}, 180_000);
