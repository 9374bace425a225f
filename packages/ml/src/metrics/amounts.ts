import { required } from '../errors.ts';
import { meanOf } from './mean.ts';

type Numbers = ArrayLike<number>;

/** Mean absolute error. Here and below: `weights` by row, one each where absent. */
export function mae(predicted: Numbers, target: Numbers, weights?: Numbers): number {
  return meanOf(target.length, i => Math.abs(predicted[i] - target[i]), weights);
}

/** Root of the mean squared error. */
export function rmse(predicted: Numbers, target: Numbers, weights?: Numbers): number {
  return Math.sqrt(meanOf(target.length, i => (predicted[i] - target[i]) ** 2, weights));
}

/** Symmetric mean absolute percentage error, 0 to 200, as the M4 competition counts it; 0 where both are 0. */
export function smape(predicted: Numbers, target: Numbers, weights?: Numbers): number {
  const error = (i: number): number => {
    const size = Math.abs(predicted[i]) + Math.abs(target[i]);
    return size === 0 ? 0 : (200 * Math.abs(predicted[i] - target[i])) / size;
  };
  return meanOf(target.length, error, weights);
}

/**
 * Mean absolute scaled error (Hyndman and Koehler 2006): the error over that of telling, within the history, what was a
 * season ago.
 *
 * @param history of the same series, before the target
 * @param season in steps; 1 where there is none
 */
export function mase(
  predicted: Numbers,
  target: Numbers,
  history: Numbers,
  season = 1,
  weights?: Numbers,
): number {
  const steps = history.length - season;
  required(Number.isInteger(season) && season > 0 && steps > 0, 'season', 'shorter than the history', season);
  return mae(predicted, target, weights) / meanOf(steps, i => Math.abs(history[i + season] - history[i]));
}

/** Mean pinball loss of a quantile: what lies above it costs `quantile`, what lies below 1 - `quantile`. */
export function pinball(predicted: Numbers, target: Numbers, quantile: number, weights?: Numbers): number {
  required(quantile > 0 && quantile < 1, 'quantile', 'between 0 and 1', quantile);
  const loss = (i: number): number => {
    const above = target[i] - predicted[i];
    return above >= 0 ? quantile * above : (quantile - 1) * above;
  };
  return meanOf(target.length, loss, weights);
}

/** Share of the variance that is told: 1 less the squared error over that of the mean. NaN for a constant target. */
export function r2(predicted: Numbers, target: Numbers, weights?: Numbers): number {
  const mean = meanOf(target.length, i => target[i], weights);
  const spread = meanOf(target.length, i => (target[i] - mean) ** 2, weights);
  return spread === 0 ? NaN : 1 - rmse(predicted, target, weights) ** 2 / spread;
}

/** Mean Poisson deviance of counts: 2 (y ln(y / m) - y + m). Predictions must be above 0. */
export function poissonDeviance(predicted: Numbers, target: Numbers, weights?: Numbers): number {
  const deviance = (i: number): number => {
    const [m, y] = [predicted[i], target[i]];
    required(m > 0, `the prediction of row ${i}`, 'above 0', m);
    return 2 * ((y > 0 ? y * Math.log(y / m) : 0) - y + m);
  };
  return meanOf(target.length, deviance, weights);
}

/** Mean gamma deviance of amounts: 2 (ln(m / y) + y / m - 1). Both must be above 0. */
export function gammaDeviance(predicted: Numbers, target: Numbers, weights?: Numbers): number {
  const deviance = (i: number): number => {
    const [m, y] = [predicted[i], target[i]];
    required(m > 0 && y > 0, `the prediction and the target of row ${i}`, 'above 0', `${m} and ${y}`);
    return 2 * (Math.log(m / y) + y / m - 1);
  };
  return meanOf(target.length, deviance, weights);
}
