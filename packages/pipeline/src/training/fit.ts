import type { Work } from '@bellwether/contracts';
import {
  calibrated,
  chooseCalibrator,
  joined,
  logLosses,
  Rng,
  stacked,
  type CalibratedModel,
  type Classifier,
  type OddsModel,
  type Table,
} from '@bellwether/ml';
import type { ClassifierQuestion, LabelledSubjects } from '../features/index.ts';

/** Rows to learn from. */
interface Rows {
  table: Table;
  target: Float32Array;
}

/** All that was learned from the past, before anything was tested. */
export interface Fitted {
  model: CalibratedModel<OddsModel>;
  baseline: Classifier;
  penalty: number;
  /** Mean log loss of each penalty on the last training moment. */
  tried: { penalty: number; logLoss: number }[];
  trainRows: number;
}

/**
 * Chooses the penalty and fits on the training moments, then calibrates on the moment after them. What is tested on is
 * not among its arguments.
 *
 * @param train one part a moment, the newest last
 * @throws MlError `ml.one_class` when nobody, or everybody, bought
 */
export async function fitScenario(
  scenario: ClassifierQuestion,
  train: readonly LabelledSubjects[],
  calibration: LabelledSubjects,
  seed: number,
  work: Work = {},
): Promise<Fitted> {
  const rows = together(train);
  const tried = await triedPenalties(scenario, train, work);
  const penalty = strongestWithinError(tried);
  const model = await scenario.estimator(penalty).fit(rows.table, rows.target, fitOptions(work));
  const logOdds = model.logOdds(calibration.table);
  const calibrator = await chooseCalibrator({ logOdds, target: calibration.target }, new Rng(seed));
  const whole = calibrated(model, calibrator);
  return {
    model: whole,
    baseline: await scenario.baseline.estimator.fit(rows.table, rows.target),
    penalty,
    tried: tried.map(({ penalty, losses }) => ({ penalty, logLoss: mean(losses) })),
    trainRows: rows.table.rows,
  };
}

interface Trial {
  penalty: number;
  /** Log loss of each row that was held back. */
  losses: Float64Array;
}

/** Each penalty, fitted to all training moments but the newest and judged on that. */
async function triedPenalties(
  scenario: ClassifierQuestion,
  train: readonly LabelledSubjects[],
  work: Work,
): Promise<Trial[]> {
  const [fit, held] = splitLast(train);
  const trials: Trial[] = [];
  for (const penalty of scenario.penalties) {
    const model = await scenario.estimator(penalty).fit(fit.table, fit.target, fitOptions(work));
    trials.push({ penalty, losses: logLosses(model.predict(held.table), held.target) });
  }
  return trials;
}

/**
 * The strongest penalty that is not worse than the best by more than one standard error (Breiman and others 1984): weights
 * that hardly matter to the outcome stay small, and the reasons that they give stay sensible.
 */
function strongestWithinError(trials: readonly Trial[]): number {
  const best = trials.reduce((least, next) => (mean(next.losses) < mean(least.losses) ? next : least));
  const near = trials.filter(({ losses }) => {
    const worse = losses.map((loss, i) => loss - best.losses[i]);
    const centre = mean(worse);
    const error = Math.sqrt(mean(worse.map(x => (x - centre) ** 2)) / worse.length);
    return centre <= error;
  });
  return Math.max(...near.map(trial => trial.penalty));
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** With a single moment there is nothing earlier to fit to: its own fit chooses, which prefers the weaker penalty. */
function splitLast(train: readonly LabelledSubjects[]): [Rows, Rows] {
  const earlier = train.length > 1 ? train.slice(0, -1) : train;
  return [together(earlier), train[train.length - 1]];
}

function together(parts: readonly LabelledSubjects[]): Rows {
  return { table: stacked(parts.map(part => part.table)), target: joined(parts.map(part => part.target)) };
}

function fitOptions({ signal, onProgress }: Work): {
  signal?: AbortSignal;
  onProgress?: NonNullable<Work['onProgress']>;
} {
  return {
    ...(signal && { signal }),
    ...(onProgress && { onProgress: progress => onProgress({ ...progress, step: 'train.fit' }) }),
  };
}
