import { augmentFamily } from './augment/family.ts';
import { baselineFamily } from './baseline/family.ts';
import type { CalibratedModel } from './calibrate/calibrated.ts';
import { calibrateFamily } from './calibrate/family.ts';
import { clusterFamily } from './cluster/family.ts';
import { compressFamily } from './compress/family.ts';
import { MlError } from './errors.ts';
import type {
  Classifier,
  Estimator,
  FittedTransformer,
  Model,
  OddsModel,
  Parameters,
  Transformer,
} from './estimator.ts';
import { explainFamily } from './explain/family.ts';
import type { Family, Load, Made, Make } from './family.ts';
import { lifetimeFamily } from './lifetime/family.ts';
import { linearFamily } from './linear/family.ts';
import { neuralFamily } from './neural/family.ts';
import { loadPipeline, PIPELINE, pipeline } from './pipeline.ts';
import { preprocessFamily } from './preprocess/family.ts';
import { recommendFamily } from './recommend/family.ts';
import { reduceFamily } from './reduce/family.ts';
import type { Json, Saved } from './saved.ts';
import { treesFamily } from './trees/family.ts';

const FAMILIES: readonly Family[] = [
  ...[baselineFamily, calibrateFamily, clusterFamily, compressFamily, explainFamily, lifetimeFamily],
  ...[linearFamily, neuralFamily, preprocessFamily, recommendFamily, reduceFamily, treesFamily],
  augmentFamily,
  { models: { [PIPELINE]: loadPipeline } },
];

/** Of all families: what stands under a name, or an error that says what does. */
function named<T>(
  name: string,
  what: string,
  tableOf: (family: Family) => Readonly<Record<string, T>> | undefined,
): T {
  const tables = FAMILIES.map(family => tableOf(family) ?? {});
  const table = tables.find(each => Object.hasOwn(each, name));
  if (table) return table[name];
  const known = tables.flatMap(each => Object.keys(each)).sort();
  throw new MlError(
    'ml.bad_model',
    `"${name}" is no ${what} that this version knows; it knows ${known.join(', ')}`,
  );
}

const load: Load = {
  model: saved => named(saved.kind, 'model', family => family.models)(saved, load),
  transformer: saved => named(saved.kind, 'transformer', family => family.transformers)(saved, load),
  calibrator: saved => named(saved.kind, 'calibrator', family => family.calibrators)(saved),
};

/** A model of any kind, from what its `save` gave. @throws MlError `ml.bad_model` */
export function loadModel(saved: Saved): Model {
  return load.model(saved);
}

/** A fitted transformer of any kind, from what its `save` gave. @throws MlError `ml.bad_model` */
export function loadTransformer(saved: Saved): FittedTransformer {
  return load.transformer(saved);
}

/** A classifier, from what its `save` gave. @throws MlError `ml.bad_model` */
export function loadClassifier(saved: Saved): Classifier {
  return having<Classifier>(loadModel(saved), ['predict'], 'classifier');
}

/** A model that is linear in the log-odds, from what its `save` gave. @throws MlError `ml.bad_model` */
export function loadOddsModel(saved: Saved): OddsModel {
  return having<OddsModel>(
    loadModel(saved),
    ['logOdds', 'deviation', 'contributions', 'weights'],
    'model of log-odds',
  );
}

/** A calibrated model, from what its `save` gave. @throws MlError `ml.bad_model` */
export function loadCalibratedModel(saved: Saved): CalibratedModel {
  return having<CalibratedModel>(loadModel(saved), ['judge', 'effects'], 'calibrated model');
}

function having<M extends Model>(model: Model, methods: readonly (string & keyof M)[], what: string): M {
  const missing = methods.filter(method => !(method in model));
  if (missing.length > 0)
    throw new MlError('ml.bad_model', `a saved ${model.kind} is no ${what}: it has no ${missing.join(', ')}`);
  return model as M; // it has the methods that tell the kinds of models apart
}

/**
 * The estimator of a name and parameters, as another estimator's `name` and `parameters` tell them: how one is sent to
 * another thread, or kept beside what it learned.
 *
 * @throws MlError `ml.bad_model` for a name that is not known, `ml.bad_parameter` as the method says
 */
export function estimatorOf(name: string, parameters: Parameters): Estimator {
  if (name === PIPELINE) return pipelineOf(parameters);
  const made = makerOf(name)(parameters as never, make); // each maker checks what it is given
  if (!('fit' in made)) throw new MlError('ml.bad_model', `"${name}" is no estimator`);
  return made as Made & Estimator; // what a family makes under a name fits tables, or is refused by its own checks
}

function pipelineOf(parameters: Parameters): Estimator {
  const { steps, last } = parameters;
  if (!Array.isArray(steps)) throw new MlError('ml.bad_parameter', 'steps must be a list of transformers');
  return pipeline(
    steps.map(step => make.transformer(step as Json)), // `parameters` are plain values
    make.estimator(last),
  );
}

const make: Make = {
  estimator: described => {
    const { name, parameters } = description(described);
    return estimatorOf(name, parameters);
  },
  transformer: described => {
    const { name, parameters } = description(described);
    return makerOf(name)(parameters as never, make) as Made & Transformer; // as an estimator is
  },
};

function makerOf(name: string): (parameters: never, make: Make) => Made {
  return named(name, 'method', family => family.makers);
}

function description(value: Json | undefined): { name: string; parameters: Parameters } {
  const sound =
    typeof value === 'object' &&
    value !== null &&
    'name' in value &&
    'parameters' in value &&
    typeof value['name'] === 'string';
  if (!sound) throw new MlError('ml.bad_parameter', 'a step must be a name and its parameters');
  return value as { name: string; parameters: Parameters }; // as was just checked; the maker checks the parameters
}
