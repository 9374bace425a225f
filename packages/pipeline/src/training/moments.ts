import { DAY, type Milliseconds } from '@bellwether/contracts';

/** The moments that a version is made of, none of whose outcomes overlap another's. */
export interface TrainingPlan {
  /** Newest last; learned from. */
  train: readonly Milliseconds[];
  calibration: Milliseconds;
  test: Milliseconds;
}

/** Days of history that a moment needs before it, so that its features mean something. */
export const WARM_UP_DAYS = 60;
/** A year of months: older behaviour is learned from no more. */
const MOST_TRAIN_MOMENTS = 12;

/**
 * Cuts the past backwards from now: the last horizon tests, the one before calibrates, those before teach, as long as
 * 60 days of history lie before them.
 *
 * @param first when the data begin
 */
export function planMoments(first: Milliseconds, now: Milliseconds, horizonDays: number): TrainingPlan {
  const horizon = horizonDays * DAY;
  const [test, calibration] = [now - horizon, now - 2 * horizon];
  const train: Milliseconds[] = [];
  for (
    let moment = calibration - horizon;
    moment - WARM_UP_DAYS * DAY >= first && train.length < MOST_TRAIN_MOMENTS;
    moment -= horizon
  )
    train.unshift(moment);
  return { train, calibration, test };
}
