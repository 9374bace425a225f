import { expect, test } from 'vitest';
import { murmur2, murmur3 } from './hash.ts';
import { SeenIds } from './seen.ts';

const meet = (seen: SeenIds, id: string): boolean => {
  const bytes = Buffer.from(id);
  return seen.meet(murmur3(bytes), murmur2(bytes));
};

test('an id once met is known, and of 200,000 new ones almost none is taken for it', () => {
  const seen = new SeenIds();
  let mistaken = 0;
  for (let n = 0; n < 200_000; n++) if (meet(seen, `00000000-event-${n}`)) mistaken += 1;
  expect(mistaken).toBeLessThan(40); // 32 bits of the first hash alone would give 5
  for (let n = 0; n < 200_000; n += 97) expect(meet(seen, `00000000-event-${n}`)).toBe(true);
});
