import type { ColumnProfile } from './values.ts';

const SYMBOLS: Record<string, string> = {
  '£': 'GBP',
  '€': 'EUR',
  $: 'USD',
  '¥': 'CNY',
  '￥': 'CNY',
  '₹': 'INR',
};
const CODE = /\b(USD|EUR|GBP|CNY|RMB|JPY|INR|AUD|CAD|CHF|HKD|SEK|NOK|DKK|PLN|BRL|SGD)\b/;

/** The currency that a money column's name (“Spent (USD)”, “单价(元)”) or its values (“£2.55”) tell, if any. */
export function currencyOf(column: ColumnProfile): string | undefined {
  const code = CODE.exec(column.name)?.[1];
  if (code !== undefined) return code === 'RMB' ? 'CNY' : code;
  if (/[(（]元[)）]/.test(column.name)) return 'CNY';
  const signs = new Set(column.values.map(value => /[£€$¥￥₹]/.exec(value)?.[0] ?? ''));
  const [only] = signs;
  return signs.size === 1 && only !== undefined ? SYMBOLS[only] : undefined;
}
