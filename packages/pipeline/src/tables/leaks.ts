import type { ColumnKind, Leak } from '@bellwether/contracts';
import { auc, Rng } from '@bellwether/ml';
import { percent } from './columns.ts';
import { speaksOfAfter } from './leak-names.ts';

/** A column that is looked at: numbers, or codes of words; NaN where a value is missing. */
export interface Suspect {
  name: string;
  kind: ColumnKind;
  values: Float32Array;
  /** What the codes stand for, in a column of words. */
  words?: readonly string[] | undefined;
  /** Of dates: share of the values that are later than the row's own time. */
  later?: number | undefined;
}

/** From this AUC on a column alone tells the target all but exactly. */
const TELLS_ALL = 0.985;
/** So good alone, and so far above all others, is nothing that was known before. */
const FAR_AHEAD = { auc: 0.95, gap: 0.1 };
/** Good enough to ask a person. */
const STRONG = 0.9;
/** What a column must tell when its name speaks of what comes after the outcome. */
const KNOWN_AFTER = { leak: 0.7, warning: 0.6 };
const ROW_ORDER = 0.6;
/** Chance of a group without exception below which there is a rule behind it, not luck. */
const BY_CHANCE = 1e-20;
const LEAST_PURE = 30;
/** A single value that rules the outcome out for so many rows is a state of the outcome, not of the customer. */
const RULED_OUT = { share: 0.3, auc: 0.75 };
const LATER = 0.05;

/**
 * Columns that know the outcome, each with what speaks for it. A column is named a leak when it tells the target all but
 * exactly, decides it without exception, is missing exactly where the answer is no, is later than its row, or is called as
 * what is known only afterwards and tells much. What only may be one is a warning. Ordinary good columns are neither.
 *
 * @param target 1 or 0 a row, in the order of the file
 * @example
 * leaksOf([{ name: 'duration', kind: 'number', values }], target)[0].evidence.en // 'Its name says …'
 */
export function leaksOf(suspects: readonly Suspect[], target: Float32Array, seed = 1): Leak[] {
  const folds = foldsOf(target.length, seed);
  const looked = suspects.map(suspect => lookAt(suspect, target, folds));
  const found = looked
    .map(one => ({ one, next: nextBest(one, looked) }))
    .flatMap(({ one, next }) => verdictOn(one, next, target) ?? []);
  return [...found, ...orderTells(target, folds, looked)].sort(
    (a, b) => Number(a.verdict === 'warning') - Number(b.verdict === 'warning') || b.auc - a.auc,
  );
}

/** What a column alone tells. */
interface Looked {
  suspect: Suspect;
  auc: number;
  /** Two standard errors below it. */
  sure: number;
  pure: Group | undefined;
  missing: Group | undefined;
}

/** Rows that share a value. */
interface Group {
  label: string;
  /** A value of its own, not a range of many. */
  exact: boolean;
  rows: number;
  positives: number;
}

function lookAt(suspect: Suspect, target: Float32Array, folds: Uint8Array): Looked {
  const { codes, labels, exact } = groupsOf(suspect);
  const scores = heldOutRates(codes, labels.length, target, folds);
  const alone = auc(scores, target);
  const groups = labels.map((label, code): Group => {
    let [rows, positives] = [0, 0];
    codes.forEach((own, row) => {
      if (own !== code) return;
      rows++;
      positives += target[row];
    });
    return { label, exact: exact[code], rows, positives };
  });
  return {
    ...{ suspect, auc: alone, sure: alone - 2 * aucError(alone, target) },
    pure: purest([...groups.slice(1), ...otherThanUsual(suspect, groups)], target),
    missing: purest(groups.slice(0, 1), target),
  };
}

/** Of numbers that are mostly one value, such as 0 spent: the rows with any other. */
function otherThanUsual({ words, values }: Suspect, groups: readonly Group[]): Group[] {
  const usual = groups.find(
    ({ exact, rows, label }) => exact && label !== 'missing' && 2 * rows > values.length,
  );
  if (words !== undefined || usual === undefined) return [];
  const others = groups.slice(1).filter(group => group !== usual);
  const sum = (of: (group: Group) => number): number => others.reduce((total, group) => total + of(group), 0);
  return [
    {
      label: `≠ ${usual.label}`,
      exact: true,
      rows: sum(({ rows }) => rows),
      positives: sum(({ positives }) => positives),
    },
  ];
}

const MISSING = 0;
const RANGES = 20;
const MOST_GROUPS = 200;

/** The rows in groups by value: group 0 is missing, words and frequent numbers are groups of their own, the rest are ranges. */
function groupsOf({ values, words }: Suspect): { codes: Uint16Array; labels: string[]; exact: boolean[] } {
  const counts = new Map<number, number>();
  for (const value of values) if (!Number.isNaN(value)) counts.set(value, (counts.get(value) ?? 0) + 1);
  const frequent = [...counts]
    .filter(([, count]) => words !== undefined || counts.size <= RANGES || count >= 0.05 * values.length)
    .sort((a, b) => b[1] - a[1])
    .slice(0, MOST_GROUPS)
    .map(([value]) => value);
  const own = new Map(frequent.map((value, at) => [value, at + 1]));
  const others = values.filter(value => !Number.isNaN(value) && !own.has(value)).sort();
  const edges = others.length === 0 ? [] : edgesOf(others);
  const labels = [
    'missing',
    ...frequent.map(value => words?.[value] ?? String(Number(value.toPrecision(6)))),
    ...edges.map(edge => `≥ ${Number(edge.toPrecision(4))}`),
  ];
  const codes = Uint16Array.from(values, value =>
    Number.isNaN(value) ? MISSING : (own.get(value) ?? frequent.length + 1 + rangeOf(edges, value)),
  );
  return { codes, labels, exact: labels.map((_, at) => at <= frequent.length) };
}

/** Where each range begins. */
function edgesOf(sorted: Float32Array): number[] {
  const at = Array.from({ length: RANGES }, (_, i) => sorted[Math.floor((i * sorted.length) / RANGES)]);
  return [...new Set(at)];
}

function rangeOf(edges: readonly number[], value: number): number {
  let range = 0;
  while (range + 1 < edges.length && value >= edges[range + 1]) range++;
  return range;
}

function foldsOf(rows: number, seed: number): Uint8Array {
  const order = new Rng(seed).permutation(rows);
  const folds = new Uint8Array(rows);
  order.forEach((row, at) => (folds[row] = at % 5));
  return folds;
}

/** For each row the share of yes in its group, among rows of the other folds, drawn to the mean where these are few. */
function heldOutRates(
  codes: Uint16Array,
  groups: number,
  target: Float32Array,
  folds: Uint8Array,
): Float64Array {
  const counts = new Float64Array(groups * 6);
  const yes = new Float64Array(groups * 6);
  codes.forEach((code, row) => {
    for (const fold of [folds[row], 5]) {
      counts[code * 6 + fold]++;
      yes[code * 6 + fold] += target[row];
    }
  });
  const prior = target.reduce((sum, y) => sum + y, 0) / target.length;
  return Float64Array.from(codes, (code, row) => {
    const at = code * 6;
    const others = counts[at + 5] - counts[at + folds[row]];
    return (yes[at + 5] - yes[at + folds[row]] + 5 * prior) / (others + 5);
  });
}

/** Standard error of an AUC (Hanley and McNeil 1982). */
function aucError(value: number, target: Float32Array): number {
  const positives = target.reduce((sum, y) => sum + y, 0);
  const negatives = target.length - positives;
  const [q1, q2] = [value / (2 - value), (2 * value ** 2) / (1 + value)];
  const variance =
    value * (1 - value) + (positives - 1) * (q1 - value ** 2) + (negatives - 1) * (q2 - value ** 2);
  return Math.sqrt(Math.max(0, variance) / (positives * negatives));
}

/** The group of one value that has no exception, where chance cannot have made it. */
function purest(groups: readonly Group[], target: Float32Array): Group | undefined {
  const prior = target.reduce((sum, y) => sum + y, 0) / target.length;
  return groups
    .filter(({ rows, positives, exact }) => {
      if (!exact || rows < LEAST_PURE) return false;
      if (positives === rows) return rows * Math.log(prior) < Math.log(BY_CHANCE);
      return positives === 0 && rows * Math.log(1 - prior) < Math.log(BY_CHANCE);
    })
    .sort((a, b) => b.rows - a.rows)[0];
}

/** AUC of the best other column that is not suspect by its own figure. */
function nextBest(own: Looked, all: readonly Looked[]): number {
  const others = all.filter(one => one !== own && one.auc < TELLS_ALL && !speaksOfAfter(one.suspect.name));
  return Math.max(0.5, ...others.map(one => one.auc));
}

type Verdict = Pick<Leak, 'sign' | 'verdict' | 'evidence'>;

function verdictOn(one: Looked, next: number, target: Float32Array): Leak | undefined {
  const found =
    one.suspect.kind === 'id'
      ? idTells(one)
      : (laterThanRow(one) ??
        tellsAll(one, next) ??
        missingTells(one, target) ??
        decides(one, target) ??
        knownAfter(one, next) ??
        strongAlone(one, next));
  return found && { column: one.suspect.name, auc: one.auc, next_auc: next, ...found };
}

function laterThanRow({ suspect }: Looked): Verdict | undefined {
  const { later = 0 } = suspect;
  if (later < LATER) return undefined;
  return {
    ...{ sign: 'later_date', verdict: 'leak' },
    evidence: {
      en: `${percent(later)} of its dates are later than the row’s own time: it was filled in afterwards.`,
      'zh-CN': `${percent(later)} 的日期晚于该行自身的时间：是事后填写的。`,
    },
  };
}

function tellsAll({ auc: alone, sure }: Looked, next: number): Verdict | undefined {
  if (alone < TELLS_ALL || sure < STRONG) return undefined;
  return {
    ...{ sign: 'tells_all', verdict: 'leak' },
    evidence: {
      en: `Alone it tells the target all but exactly (AUC ${figure(alone)} on rows held back; the best other column ${figure(next)}): it is the target in other words, or follows from it.`,
      'zh-CN': `仅凭它几乎就能完全判断目标（留出行 AUC ${figure(alone)}；其他列最好为 ${figure(next)}）：它是目标的另一种写法，或由目标得出。`,
    },
  };
}

function missingTells({ missing, auc: alone }: Looked, target: Float32Array): Verdict | undefined {
  if (missing === undefined || missing.rows === target.length) return undefined;
  const answer = missing.positives === 0;
  const isLeak = alone >= RULED_OUT.auc;
  return {
    ...{ sign: 'missing_tells', verdict: isLeak ? 'leak' : 'warning' },
    evidence: {
      en: `Where it is missing (${missing.rows} rows) the answer is always ${answer ? 'no' : 'yes'}: it is filled in only after the outcome.`,
      'zh-CN': `缺失的 ${missing.rows} 行答案全为“${answer ? '否' : '是'}”：它在结果出现后才被填写。`,
    },
  };
}

function decides({ pure, auc: alone, suspect }: Looked, target: Float32Array): Verdict | undefined {
  if (pure === undefined) return undefined;
  const isYes = pure.positives === pure.rows;
  const isLeak =
    isYes ||
    (pure.rows >= RULED_OUT.share * target.length && alone >= RULED_OUT.auc) ||
    speaksOfAfter(suspect.name);
  return {
    ...{ sign: 'alone_decides', verdict: isLeak ? 'leak' : 'warning' },
    evidence: {
      en: `Of the ${pure.rows} rows with the value “${pure.label}” ${isYes ? 'every one is yes' : 'not a single one is yes'}: a rule without exception is part of the outcome, not a sign of it.`,
      'zh-CN': `取值为“${pure.label}”的 ${pure.rows} 行${isYes ? '全部为“是”' : '无一为“是”'}：毫无例外的规则是结果的一部分，而非征兆。`,
    },
  };
}

function knownAfter({ suspect, auc: alone, sure }: Looked, next: number): Verdict | undefined {
  const word = speaksOfAfter(suspect.name);
  if (word === undefined || sure < KNOWN_AFTER.warning) return undefined;
  const isLeak = alone >= KNOWN_AFTER.leak && alone > next;
  return {
    ...{ sign: 'known_after', verdict: isLeak ? 'leak' : 'warning' },
    evidence: {
      en: `“${word}” in its name speaks of what is known only when the outcome is, and alone it tells ${isLeak ? 'more than any other column' : 'a good deal'}: AUC ${figure(alone)}, the best other ${figure(next)}.`,
      'zh-CN': `名称中的“${word}”通常在结果出现时才知道，而它单独的判断力${isLeak ? '超过任何其他列' : '相当强'}：AUC ${figure(alone)}，其他列最好为 ${figure(next)}。`,
    },
  };
}

function strongAlone({ auc: alone, sure }: Looked, next: number): Verdict | undefined {
  if (sure < STRONG - 0.02 || alone < STRONG) return undefined;
  const isLeak = sure >= FAR_AHEAD.auc && alone - next >= FAR_AHEAD.gap;
  return {
    ...{ sign: 'strong_alone', verdict: isLeak ? 'leak' : 'warning' },
    evidence: {
      en: `Alone it tells far more than is usual (AUC ${figure(alone)}; the best other column ${figure(next)}). Was it known before the outcome? If not, leave it out.`,
      'zh-CN': `单独的判断力远高于寻常（AUC ${figure(alone)}；其他列最好为 ${figure(next)}）。它在结果出现前就已知吗？若否，请剔除。`,
    },
  };
}

/** The order of the file, and columns that number its rows. */
function orderTells(target: Float32Array, folds: Uint8Array, looked: readonly Looked[]): Leak[] {
  const values = Float32Array.from(target, (_, row) => row);
  const order = lookAt({ name: '', kind: 'number', values }, target, folds);
  if (order.sure < ROW_ORDER) return [];
  const next = Math.max(0.5, ...looked.map(one => one.auc));
  const evidence = {
    en: `The place of a row in the file tells the target (AUC ${figure(order.auc)}): the file is sorted by time or by the outcome. Name the column of time if there is one; figures from rows drawn at random are better than those of a new period will be.`,
    'zh-CN': `行在文件中的位置就能提示目标（AUC ${figure(order.auc)}）：文件按时间或结果排序。如有时间列请指定；随机抽行得到的指标会好于新时期的实际表现。`,
  };
  return [{ column: '', sign: 'row_order', verdict: 'warning', auc: order.auc, next_auc: next, evidence }];
}

/** Numbers of rows that are left out in any case: said, so that nobody puts them back. */
function idTells({ suspect, auc: alone, sure }: Looked): Verdict | undefined {
  if (sure < ROW_ORDER) return undefined;
  return {
    ...{ sign: 'id_tells', verdict: 'warning' },
    evidence: {
      en: `“${suspect.name}” only numbers the rows and still tells the target (AUC ${figure(alone)}): numbers were given out in the order of time or outcome. It is left out as an id.`,
      'zh-CN': `“${suspect.name}”只是编号，却能提示目标（AUC ${figure(alone)}）：编号按时间或结果的先后发放。已作为编号剔除。`,
    },
  };
}

const figure = (value: number): string => value.toFixed(3);
