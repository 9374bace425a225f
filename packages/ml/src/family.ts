import type { Calibrator } from './calibrate/calibrator.ts';
import type { Estimator, FittedTransformer, Model, Transformer } from './estimator.ts';
import type { Json, Saved } from './saved.ts';

/** Loads what a model is made of: a pipeline holds transformers and another model. */
export interface Load {
  model(saved: Saved): Model;
  transformer(saved: Saved): FittedTransformer;
  calibrator(saved: Saved): Calibrator;
}

/** Anything that is made of a name and plain parameters. */
export interface Made {
  readonly name: string;
}

/**
 * Makes what a method is made of, from { name, parameters } as its parameters hold it: an estimator that wraps another,
 * a transformer that applies others to some columns.
 */
export interface Make {
  estimator(described: Json | undefined): Estimator;
  transformer(described: Json | undefined): Transformer;
}

/**
 * What one folder of methods offers by name, so that an estimator can be made from plain values (in another thread) and
 * a model from what its `save` gave.
 */
export interface Family {
  /** Makes an estimator or a transformer of its parameters; each checks what it is given. */
  readonly makers?: Readonly<Record<string, (parameters: never, make: Make) => Made>>;
  readonly models?: Readonly<Record<string, (saved: Saved, load: Load) => Model>>;
  readonly transformers?: Readonly<Record<string, (saved: Saved, load: Load) => FittedTransformer>>;
  readonly calibrators?: Readonly<Record<string, (saved: Saved) => Calibrator>>;
}
