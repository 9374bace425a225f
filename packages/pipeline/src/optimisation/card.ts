import type { CardFormat, Estimate, Figure, ModelCard, ModelVersion, Words } from '@bellwether/contracts';
import type { Scenario } from '../features/index.ts';
import { CARD_WORDS, NOT_FOR } from './card-words.ts';

export interface CardOptions {
  locale: keyof Words;
  format: CardFormat;
}

/** One part of the page. */
interface Part {
  title: string;
  lines?: readonly string[];
  list?: readonly string[];
  /** The first row is the head. */
  table?: readonly (readonly string[])[];
}

/**
 * A version as one page that a person can file: question, data, method, figures beside the baseline's, limits, the terms of
 * value, and what it must not be used for.
 *
 * @returns the page with a name and type for its file
 * @example
 * const { file, text } = writeCard(purchasePrediction, version, { locale: 'en', format: 'md' });
 */
export function writeCard(
  scenario: Pick<Scenario, 'name' | 'title' | 'question'>,
  version: ModelVersion,
  { locale, format }: CardOptions,
): { file: string; type: string; text: string } {
  const say = (words: Words): string => words[locale];
  const title = `${say(CARD_WORDS.title)}: ${say(scenario.title)}, ${say(CARD_WORDS.version)} ${version.version}`;
  const parts = partsOf(scenario, version, say).filter(
    ({ lines, list, table }) => (lines ?? list ?? table ?? []).length > 0,
  );
  const file = `${scenario.name}-v${version.version}.${locale}.${format}`;
  if (format === 'md') return { file, type: 'text/markdown; charset=utf-8', text: markdownOf(title, parts) };
  return { file, type: 'text/html; charset=utf-8', text: htmlOf(title, parts, locale) };
}

type Say = (words: Words) => string;

function partsOf(
  scenario: Pick<Scenario, 'question'>,
  { card, state, why, created_at }: ModelVersion,
  say: Say,
): Part[] {
  const W = CARD_WORDS;
  return [
    { title: say(W.question), lines: [say(scenario.question)] },
    { title: say(W.state), lines: [`${say(W[state])}, ${created_at.slice(0, 10)}. ${say(why)}`] },
    { title: say(W.data), lines: [dataOf(card, say)] },
    { title: say(W.method), lines: [methodOf(card, say)] },
    { title: say(W.figures), table: tableOf(card, say) },
    { title: say(W.looks), list: looksOf(card, say) },
    { title: say(W.value), lines: card.kind === 'classifier' ? [say(card.value.why)] : [] },
    { title: say(W.limits), list: [...card.limits.map(say), say(W.interval)] },
    { title: say(W.notFor), list: NOT_FOR.map(say) },
  ];
}

const day = (moment: string): string => moment.slice(0, 10);

function dataOf({ data, train_rows, train_moments, test_moment, horizon_days }: ModelCard, say: Say): string {
  const [from, to, test] = [data.first_at, data.last_at, test_moment].map(day);
  return say({
    en: `${data.orders} orders of ${data.customers} customers, ${from} to ${to} (fingerprint ${data.fingerprint}). Learned from ${train_rows} rows as of ${train_moments.length} moments; tested on the ${horizon_days} days after ${test}, which it had not seen.`,
    'zh-CN': `${data.customers} 位客户的 ${data.orders} 笔订单，${from} 至 ${to}（指纹 ${data.fingerprint}）。以 ${train_moments.length} 个时点的 ${train_rows} 行训练；以 ${test} 之后 ${horizon_days} 天测试，训练时未见。`,
  });
}

function methodOf({ estimator, parameters, seed, baseline_name }: ModelCard, say: Say): string {
  const set = JSON.stringify(parameters);
  return say({
    en: `${estimator} with ${set}, seed ${seed}. Compared with: ${baseline_name.en}.`,
    'zh-CN': `${estimator}，参数 ${set}，随机种子 ${seed}。对照：${baseline_name['zh-CN']}。`,
  });
}

function tableOf({ figures }: ModelCard, say: Say): string[][] {
  const W = CARD_WORDS;
  const rows = figures.map(({ words, unit, better, model, baseline }) => [
    better === 'lower' ? `${say(words)} (${say(W.lower)})` : say(words),
    written(model, unit),
    baseline === null ? '–' : written(baseline, unit),
  ]);
  return [[say(W.figure), say(W.model), say(W.baseline)], ...rows];
}

const WRITE: Record<Figure['unit'], (value: number) => string> = {
  number: value => value.toFixed(3),
  share: value => `${(100 * value).toFixed(1)} %`,
  points: value => value.toFixed(1),
  currency: value => value.toFixed(2),
  orders: value => value.toFixed(2),
  days: value => value.toFixed(1),
  times: value => `${value.toFixed(2)}×`,
};

function written({ value, low, high }: Estimate, unit: Figure['unit']): string {
  if (value === null) return '–';
  const write = WRITE[unit];
  return low === null || high === null ? write(value) : `${write(value)} (${write(low)}–${write(high)})`;
}

/** How many features the page names. */
const NAMED = 8;

function looksOf(card: ModelCard, say: Say): string[] {
  if (card.kind !== 'classifier') return [];
  return [...card.features]
    .sort((a, b) => b.importance - a.importance)
    .slice(0, NAMED)
    .map(({ words }) => say(words).replace('{value}', '…'));
}

function markdownOf(title: string, parts: readonly Part[]): string {
  const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
  const row = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;
  const body = parts.flatMap(({ title, lines = [], list = [], table = [] }) => {
    const [head, ...rows] = table;
    const drawn = head === undefined ? [] : [row(head), row(head.map(() => '---')), ...rows.map(row)];
    return [`## ${title}`, '', ...lines, ...list.map(line => `- ${line}`), ...drawn, ''];
  });
  return [`# ${title}`, '', ...body].join('\n');
}

const STYLE =
  'body{font:15px/1.55 system-ui,"PingFang SC","Microsoft YaHei","Noto Sans SC",sans-serif;color:#1c2526;max-width:44rem;margin:2.5rem auto;padding:0 1rem}' +
  'h1{font-size:1.35rem}h2{font-size:1rem;margin:1.4rem 0 .3rem}p,ul{margin:.3rem 0}table{border-collapse:collapse;font-variant-numeric:tabular-nums}' +
  'th,td{text-align:left;padding:.2rem .9rem .2rem 0;border-bottom:1px solid #d9dfdf}@media print{body{margin:0}}';

function htmlOf(title: string, parts: readonly Part[], locale: string): string {
  const body = parts.map(({ title, lines = [], list = [], table = [] }) => {
    const [head = [], ...rows] = table;
    const cells = (tag: string, row: readonly string[]): string =>
      `<tr>${row.map(text => `<${tag}>${escaped(text)}</${tag}>`).join('')}</tr>`;
    return [
      `<h2>${escaped(title)}</h2>`,
      ...lines.map(line => `<p>${escaped(line)}</p>`),
      list.length === 0 ? '' : `<ul>${list.map(line => `<li>${escaped(line)}</li>`).join('')}</ul>`,
      table.length === 0
        ? ''
        : `<table>${cells('th', head)}${rows.map(row => cells('td', row)).join('')}</table>`,
    ].join('');
  });
  return `<!doctype html><html lang="${locale}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(title)}</title><style>${STYLE}</style></head><body><h1>${escaped(title)}</h1>${body.join('')}</body></html>`;
}

const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, sign => `&#${sign.charCodeAt(0)};`);
