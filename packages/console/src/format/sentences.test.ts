import type { Overview } from '@bellwether/contracts';
import { beforeAll, describe, expect, test } from 'vitest';
import i18next from 'i18next';
import { en as english } from '../words/en/index.ts';
import { zhCN } from '../words/zh-CN/index.ts';
import { journeyResults } from '../testing/engagement-fixtures.ts';
import { overview } from '../testing/system-fixtures.ts';
import { createFormat } from './numbers.ts';
import { journeyAnswer, todayAnswer, worthAnswer } from './sentences.ts';

const format = { en: createFormat('en'), 'zh-CN': createFormat('zh-CN') };
type Locale = keyof typeof format;
const t = (locale: Locale) => i18next.getFixedT(locale);
const plain = (text: string) => text.replaceAll(/<\/?b>/g, '');

beforeAll(async () => {
  await i18next.init({
    lng: 'en',
    keySeparator: false,
    nsSeparator: false,
    interpolation: { escapeValue: false },
    resources: { en: { translation: english }, 'zh-CN': { translation: zhCN } },
  });
});

describe('what Today says', () => {
  const say = (changed: Partial<Overview>, locale: Locale = 'en') =>
    plain(todayAnswer({ ...overview, ...changed }, t(locale), format[locale]));

  test('who will buy, how sure that is, and whether it is more than before', () => {
    expect(say({})).toBe(
      '1,204 customers will probably buy in the next 30 days (1,130–1,290), 18% more than in the last 30.',
    );
    expect(say({}, 'zh-CN')).toBe('未来 30 天约有 1,204 位客户会下单（1,130–1,290），比过去 30 天多 18%。');
  });

  test('fewer, as many, and nothing where there is nothing to compare with', () => {
    expect(say({ previous_buyers: 1_505 })).toContain('20% fewer than in the last 30');
    expect(say({ previous_buyers: 1_204 })).toContain('as many as in the last 30');
    expect(say({ previous_buyers: null })).toMatch(/1,290\)\.$/);
  });

  test('万 where a person would say so', () => {
    const many = { value: 1_204_000, low: 1_130_000, high: 1_290_000, n: 5_000_000 };
    expect(say({ expected_buyers: many, previous_buyers: null }, 'zh-CN')).toBe(
      '未来 30 天约有 120.4万 位客户会下单（113万–129万）。',
    );
  });

  test('what is missing before anything is learned', () => {
    expect(say({ expected_buyers: null })).toContain('Nothing has been learned');
    expect(say({ expected_buyers: null, customers: 0, orders: 0 })).toContain('Nothing has come in yet');
  });
});

describe('what a mailing was worth', () => {
  const worth = overview.worth;
  if (worth === null) throw new Error('the fixture has a measured mailing');
  const say = (low: number, value: number, high: number, locale: Locale = 'en') =>
    plain(worthAnswer({ ...worth, lift: { value, low, high, n: 10 } }, 'GBP', t(locale), format[locale]));

  test('is claimed only when the interval keeps clear of nothing', () => {
    expect(say(0.012, 0.041, 0.071)).toBe(
      '“Likely buyers, spring” brought 4.1 points more buyers than leaving people alone (+1.2 to +7.1), worth about £14,300.',
    );
    expect(say(-0.01, 0.02, 0.05)).toContain('cannot be told from leaving people alone');
    expect(say(-0.05, -0.03, -0.01)).toContain('3.0 points fewer buyers');
    expect(say(0.012, 0.041, 0.071, 'zh-CN')).toContain('多了 4.1 个百分点');
  });

  test('a dry run claims nothing', () => {
    expect(plain(worthAnswer({ ...worth, dry_run: true }, 'GBP', t('en'), format.en))).toContain(
      'sent nothing',
    );
  });
});

describe('what a journey says', () => {
  test('the two shares and their difference', () => {
    expect(plain(journeyAnswer(journeyResults, false, t('en'), format.en))).toBe(
      '34.0% of those written to bought, against 29.9% of those left alone: +4.1 points (+1.2 to +7.1).',
    );
  });

  test('chance, when it may be chance', () => {
    const lift = { value: 0.01, low: -0.02, high: 0.04, n: 10 };
    expect(journeyAnswer({ ...journeyResults, lift }, false, t('zh-CN'), format['zh-CN'])).toContain('巧合');
  });
});
