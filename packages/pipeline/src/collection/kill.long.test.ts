import { freshWarehouseUrl } from '@bellwether/testing';
import { expect, test } from 'vitest';
import { expectExactlyOnce } from './fixtures/exactly-once.ts';
import { killRounds, seeded } from './fixtures/killed.ts';

test('killed thirty times while clients send: every acknowledged event is stored exactly once', async () => {
  const outcome = await killRounds(await freshWarehouseUrl(), 30, seeded(2));
  expect(outcome.kills).toBe(30);
  expect(outcome.caughtLoading).toBeGreaterThan(3);
  expectExactlyOnce(outcome);
});
