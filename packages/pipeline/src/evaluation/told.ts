import type { CalibrationPoint } from '@bellwether/contracts';
import { clickhouseTime, readMatrix, sqlBeside } from '@bellwether/warehouse';
import type { ClassifierQuestion, JudgeOptions, ToldOutcome, ToldRun } from '../features/index.ts';
import type { Stores } from '../stores.ts';
import { figuresOf, namedFigures } from './figures.ts';

const TOLD = sqlBeside(import.meta.url, 'told.sql');
const BINS = 10;

/**
 * What one run of a classifier told, judged by what happened in the horizon after its moment: from the probabilities as they
 * were told, whatever the version would say of those customers today.
 *
 * @param threshold where precision, recall and F1 are taken: the card's
 * @returns nothing where no score of the run is kept any more, or where everybody came out alike
 */
export async function classifierOutcome(
  { warehouse }: Stores,
  { name, labelSql, horizonDays }: ClassifierQuestion,
  { as_of, scored_at }: ToldRun,
  threshold: number,
  { seed = 1, exclude = [], signal }: JudgeOptions = {},
): Promise<ToldOutcome | undefined> {
  const params = {
    scenario: name,
    as_of: clickhouseTime(as_of),
    scored_at: clickhouseTime(scored_at),
    horizon_days: horizonDays,
    excluded: exclude,
  };
  const { rows, columns } = await readMatrix(warehouse, TOLD.replace('{{label}}', labelSql), params);
  const [told, target] = columns;
  const happened = target.reduce((sum, y) => sum + y, 0);
  if (happened === 0 || happened === rows) return undefined;
  const probability = Float64Array.from(told);
  const figures = await figuresOf({ probability, target }, threshold, { seed, signal });
  return {
    customers: rows,
    figures: namedFigures(figures, undefined),
    calibration: calibrationOf(probability, target),
  };
}

/** Told and happened, in ten bins of as many customers each, the least likely first. */
export function calibrationOf(probability: Float64Array, target: ArrayLike<number>): CalibrationPoint[] {
  const order = Array.from(probability.keys()).sort((a, b) => probability[a] - probability[b]);
  const bins = Math.min(BINS, order.length);
  return Array.from({ length: bins }, (_, bin) => {
    const rows = order.slice(
      Math.floor((bin * order.length) / bins),
      Math.floor(((bin + 1) * order.length) / bins),
    );
    const mean = (of: (row: number) => number): number =>
      rows.reduce((sum, row) => sum + of(row), 0) / rows.length;
    return { predicted: mean(row => probability[row]), observed: mean(row => target[row]), n: rows.length };
  });
}
