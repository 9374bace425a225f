import type { TableCard, TableVersion, Words, Work } from '@bellwether/contracts';
import { rowsAt } from '@bellwether/ml';
import { aucGain } from '../evaluation/index.ts';
import type { Stores } from '../stores.ts';
import { firstVerdict, keepVersion, laterVerdict, replacing, type Verdict } from '../training/index.ts';
import { tableCard } from './card.ts';
import { crossed } from './cross.ts';
import { keptTable, scenarioOfTable, tableBytes, type KeptTable } from './kept.ts';
import { learningRows, prepareTable, type LearningRows } from './prepare.ts';
import { readTable } from './read.ts';
import { tableRow } from './store.ts';

/**
 * Learns a version from a table: the five families compete in each fold, the figures are those of rows that no choice saw, and
 * the model of the last fold is kept. It becomes champion unless it is worse than logistic regression, or not shown to be
 * better than a champion that was learned from the same rows.
 *
 * @throws AppError `table.unknown`, `table.not_ready`
 * @example
 * const { version, card } = await trainTable(stores, id, { seed: 1 }, { signal, onProgress });
 */
export async function trainTable(
  stores: Stores,
  id: string,
  { seed = 1 }: { seed?: number } = {},
  work: Work = {},
): Promise<TableVersion> {
  const { records, clock } = stores;
  const row = await tableRow(records, id);
  const raw = await readTable({ path: row.file_path, name: row.file_name }, work);
  const prepared = prepareTable(raw, row.choices);
  const rows = learningRows(raw, prepared);
  const found = await crossed(rows, { folds: row.choices.folds, seed, clock }, work);
  const at = new Date(clock.now());
  const card = await tableCard({
    ...{ scenario: scenarioOfTable(id), raw, prepared, rows, crossed: found },
    ...{ fingerprint: row.file_hash, seed, at, signal: work.signal },
  });
  const champion = await keptTable(records, id);
  const test = found.folds[found.folds.length - 1];
  const verdict = await verdictOf({ card, champion, rows, test, signal: work.signal });
  const { scenario: _, ...version } = await keepVersion(records, {
    ...{ card, model: tableBytes({ recipe: rows.recipe, model: found.model }), at },
    ...{ champion: champion?.version, verdict },
  });
  return version;
}

interface Trial {
  card: TableCard;
  champion: KeptTable | undefined;
  rows: LearningRows;
  test: { rows: Uint32Array; target: Float32Array; model: Float64Array };
  signal: AbortSignal | undefined;
}

async function verdictOf({ card, champion, rows, test, signal }: Trial): Promise<Verdict> {
  const figure = card.figures[0].words;
  if (champion === undefined) return asGood(firstVerdict(figure, card.auc_gain), card);
  const cause = notComparable(champion, card, rows);
  if (cause !== undefined || champion.learned === undefined)
    return asGood(replacing(figure, card.auc_gain, cause ?? UNREADABLE(champion.version)), card, cause);
  const told = champion.learned.model.predict(rowsAt(rows.table, test.rows));
  const gain = await aucGain(test.model, told, test.target, { seed: card.seed, signal });
  return laterVerdict(figure, champion.version, gain, card.auc_gain);
}

const UNREADABLE = (version: number): Words => ({
  en: `Version ${version} was kept in a form that is not read any more`,
  'zh-CN': `版本 ${version} 的保存格式已不再支持`,
});

/** Used when it ranks better than chance and is not shown to be worse than logistic regression, which is one of the five. */
function asGood(verdict: Verdict, { model, auc_gain, families }: TableCard, cause?: Words): Verdict {
  const isBetterThanChance = (model.auc.low ?? 0) > 0.5;
  const isWorse = (auc_gain.high ?? 0) < 0;
  const isPlain = families.some(({ family, chosen }) => chosen && family === 'logistic');
  const promote = isBetterThanChance && (isPlain || !isWorse);
  if (!isPlain || !isBetterThanChance) return { promote, why: verdict.why };
  const why = cause && {
    en: `${cause.en}. ${PLAIN_WON.en}`,
    'zh-CN': `${cause['zh-CN']}。${PLAIN_WON['zh-CN']}`,
  };
  return { promote, why: why ?? PLAIN_WON };
}

const PLAIN_WON: Words = {
  en: 'The simplest method won: logistic regression, which is also what the others had to beat.',
  'zh-CN': '最简单的方法胜出：逻辑回归，它也正是其他方法需要超过的基线。',
};

/** Why a champion and a new version cannot be judged on the same rows. */
function notComparable(
  { version, card: old }: KeptTable,
  card: TableCard,
  rows: LearningRows,
): Words | undefined {
  const isSame =
    old.target === card.target &&
    old.yes === card.yes &&
    old.split === card.split &&
    old.cross.folds === card.cross.folds &&
    old.seed === card.seed &&
    old.data.customers === card.data.customers &&
    old.data.fingerprint === card.data.fingerprint;
  if (!isSame)
    return {
      en: `Version ${version} was learned for another question or from other rows`,
      'zh-CN': `版本 ${version} 学习的是另一个问题或另一批数据`,
    };
  const lost = old.features.map(({ name }) => name).filter(name => !rows.table.names.includes(name));
  if (lost.length === 0) return undefined;
  const list = lost.join(', ');
  return {
    en: `Version ${version} reads ${list}, which is left out now`,
    'zh-CN': `版本 ${version} 使用了现已剔除的 ${list}`,
  };
}
