import type {
  Contributions,
  Convergence,
  Estimator,
  FitOptions,
  FittedTransformer,
  Model,
  Transformer,
} from './estimator.ts';
import type { Load } from './family.ts';
import { SavedReader, type Saved } from './saved.ts';
import { checked, pick, type Dictionaries, type Table } from './table.ts';

export const PIPELINE = 'pipeline';
const VERSION = 2;

/** What the last model of a pipeline may tell; each kind has some of it. */
interface Told {
  predict?: (table: Table) => Float64Array;
  logOdds?: (table: Table) => Float64Array;
  deviation?: (table: Table) => Float64Array;
  score?: (table: Table) => Float64Array;
  assign?: (table: Table) => Int32Array;
  contributions?: (table: Table) => Contributions;
  weights?: () => ReadonlyMap<string, number>;
  convergence?: Convergence;
  classes?: number;
}

/**
 * Transformers one after the other, then an estimator; itself an estimator, whose model tells whatever the last one's
 * does. Each transformer learns from the rows that are trained on only. Contributions are told by the columns that
 * went in.
 *
 * @example
 * pipeline([impute(), standardise({ log: ['revenue'] })], logistic({ l2: 10 }))
 */
export function pipeline<M extends Model>(steps: readonly Transformer[], last: Estimator<M>): Estimator<M> {
  const described = ({ name, parameters }: Transformer | Estimator) => ({ name, parameters });
  return Object.freeze({
    name: PIPELINE,
    parameters: Object.freeze({ steps: steps.map(described), last: described(last) }),
    fit: (table: Table, target: Float32Array, options: FitOptions = {}) =>
      fit(steps, last, table, target, options),
  });
}

/** What an estimator does, in a word; the steps of a pipeline in their order: `impute > standardise > logistic`. */
export function methodOf({ name, parameters }: Described): string {
  if (name !== PIPELINE) return name;
  const { steps, last } = parameters as unknown as PipelineParameters; // as `pipeline` writes them
  return [...steps, last].map(methodOf).join(' > ');
}

type Described = Pick<Estimator, 'name' | 'parameters'>;

interface PipelineParameters {
  steps: readonly Described[];
  last: Described;
}

async function fit<M extends Model>(
  steps: readonly Transformer[],
  last: Estimator<M>,
  table: Table,
  target: Float32Array,
  options: FitOptions,
): Promise<M> {
  let current = checked(table);
  const fitted: FittedTransformer[] = [];
  for (const step of steps) {
    const transformer = await step.fit(current, target, options);
    current = transformer.trained ?? transformer.transform(current);
    fitted.push(transformer);
  }
  const model = await last.fit(current, target, options);
  return modelOf({ features: table.names, dictionaries: table.dictionaries, steps: fitted, last: model });
}

interface Fitted<M extends Model> {
  features: readonly string[];
  /** Of the rows that it learned from. */
  dictionaries: Dictionaries | undefined;
  steps: readonly FittedTransformer[];
  last: M;
}

function modelOf<M extends Model>({ features, dictionaries, steps, last }: Fitted<M>): M {
  const through = (table: Table): Table =>
    steps.reduce((current, step) => step.transform(current), pick(table, features));
  const told = last as M & Told; // which of these it has is looked up below
  const model = {
    kind: PIPELINE,
    features,
    ...(told.classes !== undefined && { classes: told.classes }),
    ...(told.convergence && { convergence: told.convergence }),
    ...(told.predict && { predict: (table: Table) => told.predict?.(through(table)) }),
    ...(told.logOdds && { logOdds: (table: Table) => told.logOdds?.(through(table)) }),
    ...(told.deviation && { deviation: (table: Table) => told.deviation?.(through(table)) }),
    ...(told.score && { score: (table: Table) => told.score?.(through(table)) }),
    ...(told.assign && { assign: (table: Table) => told.assign?.(through(table)) }),
    ...(told.weights && { weights: () => told.weights?.() }),
    ...contributionsOf(told, through, features, dictionaries, steps),
    save: (): Saved => ({
      kind: PIPELINE,
      version: VERSION,
      values: { features, dictionaries: dictionaries ?? null },
      arrays: {},
      parts: [last.save(), ...steps.map(step => step.save())],
    }),
  };
  return model as unknown as M; // it tells exactly what `last` tells, for the columns that went in
}

function contributionsOf(
  last: Told,
  through: (table: Table) => Table,
  features: readonly string[],
  dictionaries: Dictionaries | undefined,
  steps: readonly FittedTransformer[],
): Told {
  if (!last.contributions) return {};
  const sources = sourcesOf(features, dictionaries, steps);
  const contributions = (table: Table) => last.contributions?.(through(table)) ?? NONE;
  return { contributions: table => bySource(contributions(table), sources, features) };
}

const NONE: Contributions = { base: 0, features: [], values: new Float64Array() };

/** For each column that reaches the last estimator, by its name: the position of the column that it came from. */
function sourcesOf(
  features: readonly string[],
  dictionaries: Dictionaries | undefined,
  steps: readonly FittedTransformer[],
): ReadonlyMap<string, number> {
  let origins = new Map(features.map((name, at) => [name, at]));
  let empty: Table = {
    names: features,
    rows: 0,
    columns: features.map(() => new Float32Array()),
    dictionaries,
  };
  for (const step of steps) {
    empty = step.transform(empty);
    const before = origins;
    origins = new Map(empty.names.map((name, at) => [name, before.get(step.sources[at]) ?? 0]));
  }
  return origins;
}

/** Sums the contributions of columns that came from one. */
function bySource(
  inner: Contributions,
  sources: ReadonlyMap<string, number>,
  features: readonly string[],
): Contributions {
  const [from, to] = [inner.features.length, features.length];
  const rows = from === 0 ? 0 : inner.values.length / from;
  const values = new Float64Array(rows * to);
  const targets = inner.features.map(name => sources.get(name) ?? 0);
  for (let row = 0; row < rows; row++)
    targets.forEach((source, j) => {
      const at = row * to + source;
      values[at] = values[at] + inner.values[row * from + j];
    });
  return { base: inner.base, features, values };
}

export function loadPipeline(saved: Saved, load: Load): Model {
  const reader = new SavedReader(saved, PIPELINE, VERSION);
  return modelOf({
    features: reader.names('features'),
    dictionaries: reader.dictionaries('dictionaries'),
    steps: saved.parts.slice(1).map(each => load.transformer(each)),
    last: load.model(reader.part(0)),
  });
}
