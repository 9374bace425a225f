import { Rng } from '@bellwether/ml';
import { expect, test } from 'vitest';
import { coverage } from './simulated.test-support.ts';

test('over 3,000 markets the intervals hold the truth as often as they say', { timeout: 600_000 }, () => {
  const found = coverage(3_000, new Rng(11));
  process.stdout.write(`coverage of 95 % intervals: ${JSON.stringify(found)}\n`);
  for (const [name, rate] of Object.entries(found)) {
    expect(rate, name).toBeGreaterThan(0.935);
    expect(rate, name).toBeLessThan(0.97);
  }
});
