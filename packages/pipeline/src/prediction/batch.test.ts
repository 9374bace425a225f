import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Batch } from './batch.ts';

test('whatever comes when, each key gets its own answer, and no question asks for too many', async () => {
  const delays = fc.array(
    fc.record({ key: fc.integer({ min: 0, max: 9 }), wait: fc.integer({ min: 0, max: 3 }) }),
  );
  await fc.assert(
    fc.asyncProperty(delays, fc.integer({ min: 1, max: 5 }), async (calls, most) => {
      const asked: (readonly string[])[] = [];
      const batch = new Batch<string>(async keys => {
        asked.push(keys);
        await later(1);
        return new Map(keys.filter(key => key !== '0').map(key => [key, `of ${key}`]));
      }, most);
      const answers = await Promise.all(
        calls.map(async ({ key, wait }) => {
          await later(wait);
          return batch.get(String(key));
        }),
      );
      expect(answers).toEqual(calls.map(({ key }) => (key === 0 ? undefined : `of ${key}`)));
      asked.forEach(keys => expect(keys.length).toBeLessThanOrEqual(most));
    }),
    { numRuns: 40 },
  );
});

test('keys that come while a question is under way share the next one', async () => {
  const asked: (readonly string[])[] = [];
  const batch = new Batch<number>(async keys => {
    asked.push(keys);
    await later(5);
    return new Map(keys.map(key => [key, 1]));
  }, 100);
  await Promise.all(['a', 'b', 'c', 'b'].map(key => batch.get(key)));
  expect(asked).toEqual([['a'], ['b', 'c']]);
});

test('a question that fails fails those who asked it, and not the next', async () => {
  let failing = true;
  const batch = new Batch<number>(async keys => {
    if (failing) throw new Error('away');
    return new Map(keys.map(key => [key, 2]));
  }, 10);
  await expect(batch.get('a')).rejects.toThrow('away');
  failing = false;
  expect(await batch.get('a')).toBe(2);
});

const later = (ms: number): Promise<void> => new Promise(done => setTimeout(done, ms));
