import { MlError } from '../errors.ts';
import type { FitOptions } from '../estimator.ts';
import { logit } from '../numeric/logistic.ts';
import { soundTable } from '../sound.ts';
import { dictionaryOf, type Dictionaries, type Table } from '../table.ts';
import { categoricals, inputsOf, type Inputs } from './inputs.ts';
import { networkOf, type Network } from './network.ts';
import { lossOf, type Settings } from './parameters.ts';

/** Rows as a network learns from them. */
export interface Prepared {
  inputs: Inputs;
  target: Float32Array;
  weights: Float32Array | undefined;
}

/** What a network reads, by name. */
export interface Columns {
  features: readonly string[];
  dictionaries: Dictionaries | undefined;
}

/** Rows in the codes that these columns have, or why they cannot be learned from. */
export function prepared(
  table: Table,
  target: Float32Array,
  options: FitOptions,
  settings: Settings,
  { features, dictionaries }: Columns,
): Prepared {
  const accepts = { method: 'perceptron', categories: true, missing: true };
  if (settings.outputs > 1 && settings.task === 'regression') {
    soundTable(table, target, options, accepts);
    checkSeveral(table, target, settings.outputs);
  } else soundTable(table, target, options, { ...accepts, target: ruleOf(settings) });
  const inputs = inputsOf(table, features, dictionaries);
  refuseMissing(inputs.numbers);
  return { inputs, target, weights: options.weights };
}

function ruleOf({ task }: Settings): 'share' | 'class' | 'any' {
  return task === 'binary' ? 'share' : task === 'multiclass' ? 'class' : 'any';
}

function checkSeveral(table: Table, target: Float32Array, outputs: number): void {
  if (target.length !== table.rows * outputs)
    throw new MlError(
      'ml.bad_table',
      `${target.length} values of the target for ${table.rows} rows of ${outputs} outputs`,
    );
  const at = target.findIndex(value => !Number.isFinite(value));
  if (at >= 0)
    throw new MlError('ml.bad_value', `value ${at} of the target is ${target[at]}; it must be finite`);
}

/** A missing category has numbers of its own; a missing number has none that would mean it. */
function refuseMissing(numbers: Table): void {
  numbers.columns.forEach((column, j) => {
    const row = firstMissing(column);
    if (row >= 0)
      throw new MlError(
        'ml.bad_value',
        `row ${row} of column "${numbers.names[j]}" is missing, which perceptron cannot take: fill it first (impute)`,
      );
  });
}

function firstMissing(column: Float32Array): number {
  for (let row = 0; row < column.length; row++) if (Number.isNaN(column[row])) return row;
  return -1;
}

/** The network that settings ask for, of a table and a target. */
export function networkFor(settings: Settings, table: Table, target: Float32Array): Network {
  const words = categoricals(table.names, table.dictionaries);
  const unknown = Object.keys(settings.embeddings).find(name => !words.includes(name));
  if (unknown !== undefined)
    throw new MlError('ml.bad_table', `there is no column of words "${unknown}" to embed`);
  return networkOf({
    numbers: table.names.length - words.length,
    embeddings: words.map(name => {
      const categories = dictionaryOf(table, name)?.length ?? 0;
      return { categories, dimension: settings.embeddings[name] ?? dimensionFor(categories) };
    }),
    hidden: settings.layers,
    outputs: outputsOf(settings, target),
    loss: lossOf(settings),
    ...{ delta: settings.delta, dropout: settings.dropout, batchNorm: settings.batchNorm },
  });
}

/** The rule of thumb of fastai (Howard and Gugger 2020). */
function dimensionFor(categories: number): number {
  return Math.min(50, Math.ceil(1.6 * Math.max(1, categories) ** 0.56));
}

function outputsOf({ task, outputs }: Settings, target: Float32Array): number {
  if (task !== 'multiclass') return Math.max(1, outputs);
  const classes = target.reduce((most, y) => Math.max(most, y + 1), 2);
  if (outputs > 0 && classes > outputs)
    throw new MlError(
      'ml.bad_value',
      `the target has the class ${classes - 1}; outputs says ${outputs} classes`,
    );
  return Math.max(outputs, classes);
}

/** Refuses a target in which there is nothing to tell apart. */
export function refuseOneClass({ task }: Settings, { target, weights }: Prepared): void {
  if (task === 'regression') return;
  const counted = target.filter((_, row) => weights === undefined || weights[row] > 0);
  const [first] = counted;
  const isShare = first > 0 && first < 1;
  if (counted.some(y => y !== first) || (task === 'binary' && isShare)) return;
  throw new MlError(
    'ml.one_class',
    `every one of the ${counted.length} rows has the target ${first}; two or more are needed`,
  );
}

/** What is best to say without any input: what the last layer says at first. */
export function constantScores({ definition }: Network, { target, weights }: Prepared): Float64Array {
  const { loss, outputs } = definition;
  const sums = new Float64Array(outputs);
  let total = 0;
  const width = loss === 'classes' ? 1 : outputs;
  for (let row = 0; row * width < target.length; row++) {
    const weight = weights?.[row] ?? 1;
    total += weight;
    for (let k = 0; k < width; k++) {
      const output = loss === 'classes' ? target[row] : k;
      sums[output] = sums[output] + (loss === 'classes' ? weight : weight * target[row * width + k]);
    }
  }
  // half a row, or one, is added to each class: where all are alike, the odds stay finite
  if (loss === 'binary') return sums.map(sum => logit((sum + 0.5) / (total + 1)));
  if (loss === 'classes') return sums.map(sum => Math.log((sum + 1) / (total + outputs)));
  return sums.map(sum => sum / total);
}
