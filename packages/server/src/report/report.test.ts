import { describe, expect, test } from 'vitest';
import type { Block } from './content.ts';
import { formats } from './format.ts';
import { htmlReport } from './html.ts';
import { histogramChart, weeksChart } from './charts.ts';
import { pdfReport } from './pdf.ts';
import { wordsOf } from './words.ts';

const say = wordsOf('zh-CN');
const blocks: Block[] = [
  { kind: 'title', text: '茶与书 <Tea & Books>', note: 'as of today' },
  { kind: 'heading', text: say('data') },
  { kind: 'text', text: say('came_in', '10', '20', '¥30') },
  { kind: 'table', head: ['', '模型'], rows: [['AUC', '0.78']] },
  {
    kind: 'chart',
    svg: histogramChart([
      { low: 0, high: 0.5, count: 3 },
      { low: 0.5, high: 1, count: 1 },
    ]),
    caption: say('histogram'),
  },
];

describe('a report', () => {
  test('as HTML is one page without anything from elsewhere, its text escaped', () => {
    const page = htmlReport(blocks, 'zh-CN');
    expect(page).toContain('<h1>茶与书 &lt;Tea &amp; Books></h1>');
    expect(page).toContain('10 位客户下了 20 笔订单');
    expect(page).toContain('<svg');
    expect(page).not.toMatch(/(?:src|href)=|<script|url\(|@import/);
  });

  test('as PDF embeds of the font what it uses', async () => {
    const pdf = await pdfReport(blocks);
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    expect(pdf.subarray(-7).toString()).toContain('%%EOF');
    expect(pdf.length).toBeGreaterThan(5_000);
    expect(pdf.length).toBeLessThan(200_000);
  });

  test('draws the same chart for the same figures', () => {
    const weeks = [{ week: '2026-01-05', revenue: 10, orders: 1, customers: 1 }];
    expect(weeksChart(weeks)).toContain('2026-01-05');
  });
});

describe('figures in a report', () => {
  test('are written as the language writes them', () => {
    expect(formats('en', 'GBP').money(1234.5)).toBe('£1,235');
    expect(formats('en', 'GBP').points(0.0123)).toBe('+1.23 points');
    expect(formats('zh-CN', 'CNY').points(-0.01)).toBe('-1 个百分点');
  });

  test('an estimate that the data cannot give is a dash', () => {
    const { estimate, decimal } = formats('en', 'GBP');
    expect(estimate({ value: null, low: null, high: null, n: 0 }, decimal)).toBe('–');
    expect(estimate({ value: 0.78123, low: 0.75, high: 0.8, n: 9 }, decimal)).toBe('0.781 (0.75–0.8)');
  });
});
