import { MlError } from '../errors.ts';
import { eachTime, latestFirst, soundSurvival, type SurvivalTarget } from './survival-target.ts';
import { deviationsThatHold } from './uncertainty.ts';

export interface KaplanMeierOptions {
  weights?: Float32Array;
  /** Share of like samples whose interval holds the truth, at each time. */
  level?: number;
  /** `log-log` never leaves 0..1; `plain` is Greenwood's, cut there. */
  interval?: 'log-log' | 'plain';
}

export interface SurvivalStep {
  time: number;
  /** Subjects (or their weight) just before this time. */
  atRisk: number;
  events: number;
  /** Probability to last longer than this time. */
  survival: number;
  /** Greenwood's. */
  standardError: number;
  low: number;
  high: number;
}

export interface SurvivalCurve {
  /** One step for each time at which the event happened, the earliest first; survival is 1 before the first. */
  steps: SurvivalStep[];
  /** The time that half do not outlast; infinite where the curve stays above half. */
  median: { value: number; low: number; high: number };
}

/**
 * The Kaplan-Meier curve (1958) with Greenwood's variance.
 *
 * @throws MlError `ml.no_rows`, `ml.bad_value`
 * @example
 * kaplanMeier({ time: Float32Array.of(1, 2, 3, 4), event: Float32Array.of(1, 0, 1, 0) }).steps[1].survival // 0.375
 */
export function kaplanMeier(target: SurvivalTarget, options: KaplanMeierOptions = {}): SurvivalCurve {
  const { weights, level = 0.95, interval = 'log-log' } = options;
  soundSurvival(target);
  if (target.time.length === 0) throw new MlError('ml.no_rows', 'there are no subjects');
  const z = deviationsThatHold(level);
  let [survival, greenwood] = [1, 0];
  const steps = eventsByTime(target, weights).map(({ time, atRisk, events }) => {
    survival *= 1 - events / atRisk;
    greenwood += events / (atRisk * (atRisk - events));
    const bounds = interval === 'plain' ? plain(survival, greenwood, z) : logLog(survival, greenwood, z);
    return { time, atRisk, events, survival, standardError: spread(survival, greenwood), ...bounds };
  });
  const half = (of: (step: SurvivalStep) => number): number =>
    steps.find(step => of(step) <= 0.5)?.time ?? Infinity;
  return {
    steps,
    median: {
      value: half(step => step.survival),
      low: half(step => step.low),
      high: half(step => step.high),
    },
  };
}

/** Probability to last longer than a time. */
export function survivalAt({ steps }: SurvivalCurve, time: number): number {
  return steps.findLast(step => step.time <= time)?.survival ?? 1;
}

function eventsByTime(
  { time, event }: SurvivalTarget,
  weights: Float32Array | undefined,
): { time: number; atRisk: number; events: number }[] {
  const order = latestFirst(time);
  const all: { time: number; atRisk: number; events: number }[] = [];
  let atRisk = 0;
  eachTime(order, time, (from, to) => {
    let events = 0;
    for (let i = from; i < to; i++) {
      const weight = weights?.[order[i]] ?? 1;
      atRisk += weight;
      events += weight * event[order[i]];
    }
    if (events > 0) all.push({ time: time[order[from]], atRisk, events });
  });
  return all.reverse();
}

/** Nothing is open once nobody is left. */
function spread(survival: number, greenwood: number): number {
  return survival > 0 ? survival * Math.sqrt(greenwood) : 0;
}

function plain(survival: number, greenwood: number, z: number): { low: number; high: number } {
  const reach = z * spread(survival, greenwood);
  return { low: Math.max(0, survival - reach), high: Math.min(1, survival + reach) };
}

/** Normal in ln(-ln S) (Kalbfleisch and Prentice 1980). */
function logLog(survival: number, greenwood: number, z: number): { low: number; high: number } {
  if (survival <= 0) return { low: 0, high: 0 };
  const reach = (z * Math.sqrt(greenwood)) / Math.log(survival);
  return { low: survival ** Math.exp(-reach), high: survival ** Math.exp(reach) };
}
