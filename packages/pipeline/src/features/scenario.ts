import type {
  CalibrationPoint,
  Figure,
  Milliseconds,
  ModelVersion,
  Need,
  Prediction,
  ScenarioKind,
  Words,
  Work,
} from '@bellwether/contracts';
import type { Stores } from '../stores.ts';
import type { Subjects } from './read.ts';

/** A column of `features.sql`, in words that a marketer reads as a reason. */
export interface Feature {
  name: string;
  /** With `{value}` where the number goes. */
  words: Words;
  /** What the number counts: `days`, `times`, `currency`, `products`, `share`, `ratio`. */
  unit: FeatureUnit;
  /** A long tail to the right: learned from as ln(1 + x). */
  skewed?: boolean;
}

export type FeatureUnit = 'days' | 'times' | 'currency' | 'products' | 'share' | 'ratio';

/** Whom a step passes over. */
export interface Excluding {
  /** Customers who object to being profiled: they are neither learned from nor told of. */
  exclude?: readonly string[] | undefined;
}

export interface TrainOptions extends Excluding {
  /** The moment to test from, where somebody chose it; everything after it tests. Scenarios that plan their own pass over it. */
  until?: Milliseconds | undefined;
  /** Of the draws behind folds and intervals; the same seed and data give the same version. */
  seed?: number;
}

export interface ApplyOptions extends Excluding {
  /** Only customers of whom something new is known since the last run; all of them where absent. */
  changed?: boolean;
}

export interface JudgeOptions extends Excluding {
  seed?: number;
  signal?: AbortSignal | undefined;
}

/** What a run that told something of every customer came to. */
export interface Applied {
  version: number;
  /** The moment as of which it knows. */
  as_of: Milliseconds;
  /** Customers told of. */
  scored: number;
  /** Of them, those worth acting on, where the scenario says so. */
  chosen: number;
}

/** A run over everybody that has finished. */
export interface ToldRun {
  version: number;
  as_of: Milliseconds;
  /** Names the run's rows. */
  scored_at: Milliseconds;
}

/** What a run told, judged by what happened in the horizon after it. */
export interface ToldOutcome {
  customers: number;
  figures: Figure[];
  calibration: CalibrationPoint[];
}

/** Whom to tell of: a customer that is known, or features that the caller gives. */
export interface PredictRequest {
  customer_id?: string | undefined;
  features?: Readonly<Record<string, number | string | boolean | null>> | undefined;
  reasons: boolean;
}

/**
 * A question that Bellwether answers: what it needs, how it learns, how it is applied and judged. The declaration of each
 * is in a folder of `scenarios`; everything else (routes, jobs, loop, console) works on this interface alone.
 */
export interface Scenario {
  readonly name: string;
  readonly kind: ScenarioKind;
  readonly title: Words;
  readonly question: Words;
  /** Days after a moment in which the outcome shows; after as many days there is a new period to learn from. */
  readonly horizonDays: number;
  readonly features: readonly Feature[];
  /** What the data must hold before anything is learned, and what they hold. */
  needs(stores: Stores): Promise<Need[]>;
  /** All that is known as of a moment: what the test of time travel compares. In no order. */
  subjects(
    stores: Stores,
    asOf: Milliseconds,
    options?: Excluding & { signal?: AbortSignal | undefined },
  ): AsyncIterable<Subjects>;
  /**
   * Learns a version, tests it on the last period beside the baseline and keeps it with its card; it becomes champion
   * when it is the first and better than the baseline, or better than the champion on the same test.
   *
   * @throws AppError `scenario.not_ready` naming what the data lacks
   */
  train(stores: Stores, options?: TrainOptions, work?: Work): Promise<ModelVersion>;
  /**
   * Tells of every customer with the champion, as of the data's own now. Readers see a run when its last row is in.
   *
   * @throws AppError `scenario.no_champion`, `scenario.bad_version`
   */
  apply(stores: Stores, options?: ApplyOptions, work?: Work): Promise<Applied>;
  /**
   * The figures of a kept version on what happened in the horizon after a moment: the same that its card tells of its
   * own test moment, in the same order.
   *
   * @throws AppError `scenario.no_version`, `scenario.bad_version`
   */
  judge(stores: Stores, version: number, asOf: Milliseconds, options?: JudgeOptions): Promise<Figure[]>;
  /**
   * The figures of what one run really told, from its kept rows, once its horizon has passed; nothing where they are kept no
   * more. Absent where a scenario keeps none: its version is then judged anew.
   */
  outcome?(stores: Stores, run: ToldRun, options?: JudgeOptions): Promise<ToldOutcome | undefined>;
  /** What the champion says of one customer now; absent where a scenario answers otherwise. */
  predict?(stores: Stores, request: PredictRequest): Promise<Prediction>;
}
