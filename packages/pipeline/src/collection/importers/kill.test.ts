import { expect, test } from 'vitest';
import { survives } from './kill-rounds.test-support.ts';

test('an import whose process is killed again and again loses and doubles nothing', async () => {
  expect(await survives([100, 500, 900])).toBeGreaterThan(0);
});
