import { expect, test } from 'vitest';
import { readSettings } from '../settings.ts';
import { shopSettings } from './currency.ts';

const told = (env: Record<string, string>) => shopSettings(readSettings({ env }).settings);

test('preparation is told the rates of other currencies, and nothing where none are given', () => {
  expect(told({ BELLWETHER_RATES: 'EUR=1,USD=0.92' })).toMatchObject({ rates: { EUR: 1, USD: 0.92 } });
  expect(told({})).not.toHaveProperty('rates');
});

test('rates that cannot be read are refused with what they should look like', () => {
  expect(() => told({ BELLWETHER_RATES: 'USD 0.92' })).toThrow(/EUR=1,USD=0.92/);
});
