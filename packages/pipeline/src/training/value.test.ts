import { freshRecords } from '@bellwether/testing';
import { expect, test } from 'vitest';
import { valueSettings, valueTerms } from './value.ts';

test('a contact pays from where probability x effect x margin covers its cost', () => {
  const { threshold, margin, why } = valueTerms(
    { margin_rate: 0.3, contact_cost: 0.05, effect: 0.02 },
    50,
    'GBP',
  );
  expect(margin).toBeCloseTo(15);
  expect(threshold).toBeCloseTo(0.05 / (0.02 * 15));
  expect(why.en).toContain('pays from a probability of 16.7 %');
  expect(why['zh-CN']).toContain('购买概率达到 16.7 %');
  expect(valueTerms({ margin_rate: 0, contact_cost: 0.05, effect: 0.02 }, 50, 'GBP').threshold).toBe(1);
});

test('settings have defaults, may be changed in part, and are refused when they make no sense', async () => {
  const records = await freshRecords();
  expect(await valueSettings(records)).toEqual({ margin_rate: 0.3, contact_cost: 0.05, effect: 0.02 });
  const keep = (value: unknown) =>
    records
      .insertInto('settings')
      .values({ key: 'value', value: JSON.stringify(value) })
      .onConflict(conflict => conflict.column('key').doUpdateSet({ value: JSON.stringify(value) }))
      .execute();
  await keep({ margin_rate: 0.5 });
  expect(await valueSettings(records)).toMatchObject({ margin_rate: 0.5, contact_cost: 0.05 });
  await keep({ margin_rate: 30 });
  await expect(valueSettings(records)).rejects.toMatchObject({ code: 'settings.invalid' });
  await records.destroy();
});
