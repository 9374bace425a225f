import { freshRecordsUrl, freshWarehouseUrl } from '@bellwether/testing';
import { Rng } from '@bellwether/ml';
import { expect, test } from 'vitest';
import { killRounds } from '../testing/kill-rounds.ts';

test.each([
  { workers: 1, rounds: 24, messages: 4_000 },
  { workers: 2, rounds: 12, messages: 4_000 },
])('$workers workers killed $rounds times: no message is lost, none is sent twice', async plan => {
  const rng = new Rng(plan.rounds);
  const report = await killRounds({
    ...plan,
    ...{ warehouseUrl: await freshWarehouseUrl(), recordsUrl: await freshRecordsUrl() },
    ...{ delay: 10, random: () => rng.uniform() },
  });
  process.stdout.write(
    `${JSON.stringify({ ...plan, states: report.states, at_work: report.killedAtWork })}\n`,
  );
  expect(new Set(report.arrived).size).toBe(report.arrived.length);
  expect(report.sent.length + report.unknown.length).toBe(plan.messages);
  const [arrived, known] = [new Set(report.arrived), new Set([...report.sent, ...report.unknown])];
  expect(report.sent.filter(key => !arrived.has(key))).toEqual([]);
  expect(report.arrived.filter(key => !known.has(key))).toEqual([]);
  expect(report.killedAtWork).toBeGreaterThan(plan.rounds / 2);
});
