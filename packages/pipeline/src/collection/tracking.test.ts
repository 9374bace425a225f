import fc from 'fast-check';
import { expect, test } from 'vitest';
import { writeKeyOf } from './tracking.ts';

const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;

test('property: the write key is the user name of Basic authentication', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[\w-]{1,40}$/), key => {
      expect(writeKeyOf(basic(`${key}:`))).toBe(key);
      expect(writeKeyOf(basic(`${key}:ignored`))).toBe(key);
    }),
  );
});

test.each([undefined, '', 'Basic', 'Bearer abc', basic(':password')])('%s holds no write key', header => {
  expect(writeKeyOf(header)).toBeUndefined();
});
