import { freshWarehouseUrl } from '@bellwether/testing';
import { test } from 'vitest';
import { expectExactlyOnce } from './fixtures/exactly-once.ts';
import { killRounds, seeded } from './fixtures/killed.ts';

test('killed three times while clients send: every acknowledged event is stored exactly once', async () => {
  expectExactlyOnce(await killRounds(await freshWarehouseUrl(), 3, seeded(1)));
});
