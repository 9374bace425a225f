import { describe, expect, test } from 'vitest';
import { createFormat } from './numbers.ts';
import { reasonWords } from './reasons.ts';

const en = createFormat('en');
const zh = createFormat('zh-CN');

describe('numbers', () => {
  test('are shortened only where a person of the language would', () => {
    expect([1_204, 120_400, 8_278_519].map(en.brief)).toEqual(['1,204', '120,400', '8.3M']);
    expect([1_204, 120_400, 8_278_519, 312_000_000].map(zh.brief)).toEqual([
      '1,204',
      '12万',
      '827.9万',
      '3.12亿',
    ]);
  });

  test('percentages say what is there, and nothing more', () => {
    expect([0, 0.00002, 0.012, 0.18, 1].map(share => en.percent(share))).toEqual([
      '0%',
      '<0.1%',
      '1.2%',
      '18%',
      '100%',
    ]);
  });

  test('points are signed and are not per cent', () => {
    expect([0.018, 0, -0.034].map(en.points)).toEqual(['+1.8', '0.0', '-3.4']);
    expect(en.unsignedPoints(-0.034)).toBe('3.4');
  });

  test('money carries the shop’s currency; a shop without one still has amounts', () => {
    expect(en.money(2310, 'GBP')).toBe('£2,310');
    expect(zh.money(12.5, 'CNY')).toBe('¥12.50');
    expect(zh.briefMoney(8_278_519, 'CNY')).toBe('¥827.9万');
    expect(en.axis(410_000, 'GBP')).toBe('£410K');
    expect(en.money(5, '')).toBe('5.00');
    expect(en.axis(410_000, 'XXX')).toBe('410K');
  });

  test('a bare day is that day in every time zone', () => {
    expect(en.day('2011-08-01')).toBe('Aug 1, 2011');
    expect(zh.day('2011-08-01')).toBe('2011年8月1日');
  });

  test('time is told from now', () => {
    const now = Date.parse('2026-01-10T12:00:00Z');
    expect(en.ago('2026-01-10T11:57:00Z', now)).toBe('3 minutes ago');
    expect(zh.ago('2026-01-10T11:57:00Z', now)).toBe('3分钟前');
    expect(en.ago('2026-01-10T11:59:50Z', now)).toBe('now');
    expect([30, 600, 7_200].map(en.duration)).toEqual(['30 sec', '10 min', '2 hr']);
    expect(en.bytes(44_000_000)).toBe('44 MB');
  });
});

const english = { locale: 'en', format: en, currency: 'GBP' } as const;
const chinese = { locale: 'zh-CN', format: zh, currency: 'GBP' } as const;

describe('reasons', () => {
  const features = [
    {
      name: 'orders_60d',
      words: { en: 'bought {value} times in the last 60 days', 'zh-CN': '过去 60 天下单 {value} 次' },
      unit: 'orders',
      drift: null,
    },
    {
      name: 'revenue',
      words: { en: 'spent {value} in all', 'zh-CN': '累计消费 {value}' },
      unit: 'currency',
      drift: null,
    },
    { name: 'returns', words: { en: 'share returned', 'zh-CN': '退货比例' }, unit: 'share', drift: null },
  ];

  test('are words, with the value where the feature wants it', () => {
    expect(reasonWords({ feature: 'orders_60d', value: 3 }, features, english)).toBe(
      'bought 3 times in the last 60 days',
    );
    expect(reasonWords({ feature: 'orders_60d', value: 3 }, features, chinese)).toBe('过去 60 天下单 3 次');
    expect(reasonWords({ feature: 'returns', value: 0.31 }, features, english)).toBe('share returned: 31%');
    expect(reasonWords({ feature: 'revenue', value: 729.4 }, features, english)).toBe('spent £729 in all');
    expect(reasonWords({ feature: 'orders_60d', value: 1.03 }, features, english)).toBe(
      'bought 1 times in the last 60 days',
    );
    expect(reasonWords({ feature: 'some_thing', value: null }, features, english)).toBe('some thing: –');
  });
});
