import type {
  Contributions,
  Estimator,
  FitOptions,
  FittedTransformer,
  OddsModel,
  Transformer,
} from './estimator.ts';
import { SavedReader, type Saved } from './saved.ts';
import { checked, pick, type Table } from './table.ts';

const KIND = 'pipeline';
const VERSION = 1;

/**
 * Transformers one after the other, then an estimator; itself an estimator. Each transformer learns from the rows
 * that are trained on only. Contributions are told by the columns that went in.
 *
 * @example
 * pipeline([impute(), standardise({ log: ['revenue'] })], logistic({ l2: 10 }))
 */
export function pipeline(steps: readonly Transformer[], last: Estimator<OddsModel>): Estimator<OddsModel> {
  const parameters = Object.fromEntries([...steps, last].map(step => [step.name, step.parameters]));
  return Object.freeze({
    name: [...steps, last].map(step => step.name).join(' > '),
    parameters: Object.freeze(parameters),
    fit: (table: Table, target: Float32Array, options: FitOptions = {}) =>
      fit(steps, last, table, target, options),
  });
}

async function fit(
  steps: readonly Transformer[],
  last: Estimator<OddsModel>,
  table: Table,
  target: Float32Array,
  options: FitOptions,
): Promise<OddsModel> {
  let current = checked(table);
  const fitted = steps.map(step => {
    const transformer = step.fit(current);
    current = transformer.transform(current);
    return transformer;
  });
  return modelOf(table.names, fitted, await last.fit(current, target, options));
}

function modelOf(
  features: readonly string[],
  steps: readonly FittedTransformer[],
  last: OddsModel,
): OddsModel {
  const through = (table: Table): Table =>
    steps.reduce((current, step) => step.transform(current), pick(table, features));
  const sources = sourcesOf(features, steps);
  return {
    kind: KIND,
    features,
    convergence: last.convergence,
    predict: table => last.predict(through(table)),
    logOdds: table => last.logOdds(through(table)),
    deviation: table => last.deviation(through(table)),
    contributions: table => bySource(last.contributions(through(table)), sources, features),
    weights: () => last.weights(),
    save: () => ({
      kind: KIND,
      version: VERSION,
      values: { features },
      arrays: {},
      parts: [last.save(), ...steps.map(step => step.save())],
    }),
  };
}

/** For each column that reaches the last estimator: the position of the column that it came from. */
function sourcesOf(features: readonly string[], steps: readonly FittedTransformer[]): number[] {
  let origins = new Map(features.map((name, at) => [name, at]));
  let order = features.map((_, at) => at);
  for (const step of steps) {
    const empty: Table = {
      names: step.features,
      rows: 0,
      columns: step.features.map(() => new Float32Array()),
    };
    const names = step.transform(empty).names;
    order = step.sources.map(source => origins.get(source) ?? 0);
    origins = new Map(names.map((name, at) => [name, order[at]]));
  }
  return order;
}

/** Sums the contributions of columns that came from one. */
function bySource(
  inner: Contributions,
  sources: readonly number[],
  features: readonly string[],
): Contributions {
  const [from, to] = [inner.features.length, features.length];
  const rows = from === 0 ? 0 : inner.values.length / from;
  const values = new Float64Array(rows * to);
  for (let row = 0; row < rows; row++)
    sources.forEach((source, j) => {
      const at = row * to + source;
      values[at] = values[at] + inner.values[row * from + j];
    });
  return { base: inner.base, features, values };
}

/** How to load each kind that may stand in a pipeline. */
export interface PipelineLoaders {
  step: (saved: Saved) => FittedTransformer;
  last: (saved: Saved) => OddsModel;
}

export function loadPipeline(saved: Saved, loaders: PipelineLoaders): OddsModel {
  const reader = new SavedReader(saved, KIND, VERSION);
  const steps = saved.parts.slice(1).map(loaders.step);
  return modelOf(reader.names('features'), steps, loaders.last(reader.part(0)));
}
