import { DAY, SteppedClock } from '@bellwether/contracts';
import { purchasePrediction } from '@bellwether/scenarios';
import { freshRecords, makeShop, storesOf, freshWarehouse } from '@bellwether/testing';
import { describe, expect, test } from 'vitest';
import { dataMoment, dataSpan } from './index.ts';
import { defineClassifier } from '../index.ts';

describe('a definition that cannot work is refused', () => {
  const { featuresSql: _features, labelSql: _label, ...sound } = purchasePrediction;
  const [first] = sound.features;
  test.each([
    ['a name with spaces', { name: 'Who buys' }, /small letters/],
    ['half a day', { horizonDays: 0.5 }, /whole number of days/],
    ['a feature twice', { features: [first, first] }, /declared twice/],
    [
      'words without the value',
      { features: [{ ...first, words: { en: 'recent', 'zh-CN': '{value}' } }] },
      /\{value\}/,
    ],
    ['no family', { families: [] }, /no family/],
  ])('%s', (_, wrong, sentence) => {
    expect(() => defineClassifier({ ...sound, ...wrong })).toThrow(sentence);
  });
});

describe('the data’s own now', () => {
  const shop = makeShop({ seed: 1, customers: 30, days: 20, start: Date.UTC(2020, 0, 1) });
  test('an old export is as of the end of its last day; a clock within the data holds', async () => {
    const stores = await storesOf(shop);
    const late = { ...stores, clock: new SteppedClock(Date.UTC(2026, 0, 1)) };
    expect(await dataMoment(late)).toBe(shop.end);
    const clock = new SteppedClock(shop.end - 5.5 * DAY);
    const early = await dataMoment({ ...stores, clock });
    expect(early).toBeLessThanOrEqual(clock.now());
    expect(early).toBeGreaterThan(clock.now() - 2 * DAY);
    const span = await dataSpan(stores.warehouse, shop.end);
    expect(span?.currency).toBe('GBP');
    expect((await dataSpan(stores.warehouse, shop.end - 5 * DAY))?.fingerprint).not.toBe(span?.fingerprint);
    await Promise.all([stores.warehouse.close(), stores.records.destroy()]);
  });
  test('without data it is the clock’s', async () => {
    const stores = {
      warehouse: await freshWarehouse(),
      records: await freshRecords(),
      clock: new SteppedClock(DAY),
    };
    expect(await dataMoment(stores)).toBe(DAY);
    expect(await dataSpan(stores.warehouse, DAY)).toBeUndefined();
    await Promise.all([stores.warehouse.close(), stores.records.destroy()]);
  });
});
