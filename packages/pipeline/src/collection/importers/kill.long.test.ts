import { expect, test } from 'vitest';
import { survives } from './kill-rounds.test-support.ts';

// from the first table to the last row, some two seconds on two quiet cores
const KILLS = Array.from({ length: 24 }, (_, round) => 20 + ((round * 977) % 1900));

test('killed at 24 instants, three for each import: nothing is lost or doubled', async () => {
  let killed = 0;
  for (let round = 0; round < KILLS.length; round += 3)
    killed += await survives(KILLS.slice(round, round + 3));
  expect(killed).toBeGreaterThanOrEqual(20);
});
