import type { FitOptions, FittedTransformer, Parameters, Transformer } from '../estimator.ts';
import { MlError } from '../errors.ts';
import { SavedReader, type Saved } from '../saved.ts';
import { soundTable } from '../sound.ts';
import { dictionaryOf, pick, type Dictionaries, type Table } from '../table.ts';

/** What is learned of one column of numbers, and done to it value by value. */
export interface ColumnRule {
  readonly kind: string;
  readonly parameters: Parameters;
  /** @param weights how often each row counts; once where absent */
  learn(column: Float32Array, weights: Float32Array | undefined, name: string): readonly number[];
  /** What becomes of a value that is not missing. */
  applied(learned: Float64Array, name: string): (value: number) => number;
  /** Where the column becomes one of words: the words that its new values are positions of. */
  words?(learned: Float64Array): readonly string[];
}

const VERSION = 2;
const NO_TARGET = new Float32Array();

/** A transformer of each column of numbers by itself. Missing values stay missing; columns of words pass as they are. */
export function columnwise(rule: ColumnRule): Transformer {
  return Object.freeze({
    name: rule.kind,
    parameters: Object.freeze({ ...rule.parameters }),
    fit: (table: Table, _target?: Float32Array, options: FitOptions = {}) => fit(rule, table, options),
  });
}

function fit(rule: ColumnRule, table: Table, options: FitOptions): FittedTransformer {
  soundTable(table, NO_TARGET, options, { method: rule.kind, missing: true, categories: true });
  const learned = new Map<string, Float64Array>();
  table.names.forEach((name, j) => {
    if (dictionaryOf(table, name)) return;
    learned.set(name, Float64Array.from(rule.learn(table.columns[j], options.weights, name)));
  });
  return fitted(rule, table.names, learned);
}

/** @param learned by the name of each column of numbers */
function fitted(
  rule: ColumnRule,
  features: readonly string[],
  learned: ReadonlyMap<string, Float64Array>,
): FittedTransformer {
  return {
    kind: rule.kind,
    features,
    sources: features,
    transform: table => transform(rule, pick(table, features), learned),
    save: () => save(rule, features, learned),
  };
}

function transform(rule: ColumnRule, table: Table, learned: ReadonlyMap<string, Float64Array>): Table {
  const dictionaries: Record<string, readonly string[]> = {};
  const columns = table.columns.map((column, j) => {
    const name = table.names[j];
    const [own, words] = [learned.get(name), dictionaryOf(table, name)];
    refuseOtherKind(name, own !== undefined, words !== undefined, rule.kind);
    const becomes = own ? rule.words?.(own) : words;
    if (becomes) dictionaries[name] = becomes;
    if (!own) return column;
    const apply = rule.applied(own, name);
    return column.map(value => (Number.isNaN(value) ? NaN : apply(value)));
  });
  return withDictionaries({ names: table.names, rows: table.rows, columns }, dictionaries);
}

function refuseOtherKind(name: string, learnedNumbers: boolean, hasWords: boolean, kind: string): void {
  if (learnedNumbers !== hasWords) return;
  const [was, is] = learnedNumbers ? ['numbers', 'words'] : ['words', 'numbers'];
  throw new MlError('ml.bad_table', `column "${name}" is of ${is}; ${kind} learned it as one of ${was}`);
}

/** The table with these categories; without any where there are none. */
export function withDictionaries(table: Table, dictionaries: Dictionaries): Table {
  const { names, rows, columns } = table;
  return Object.keys(dictionaries).length > 0
    ? { names, rows, columns, dictionaries }
    : { names, rows, columns };
}

function save(
  rule: ColumnRule,
  features: readonly string[],
  learned: ReadonlyMap<string, Float64Array>,
): Saved {
  const numbers = [...learned.values()];
  return {
    kind: rule.kind,
    version: VERSION,
    values: { features, numeric: [...learned.keys()], parameters: rule.parameters },
    arrays: {
      learned: Float64Array.from(numbers.flatMap(each => [...each])),
      lengths: Uint32Array.from(numbers, each => each.length),
    },
    parts: [],
  };
}

/**
 * The transformer that `save` gave.
 *
 * @param ruleOf makes the rule of its parameters, checking them
 * @throws MlError `ml.bad_model`
 */
export function loadColumnwise(
  saved: Saved,
  kind: string,
  ruleOf: (parameters: never) => ColumnRule,
): FittedTransformer {
  const reader = new SavedReader(saved, kind, VERSION);
  const [features, numeric] = [reader.names('features'), reader.names('numeric')];
  const lengths = reader.typed('lengths', 'u32', numeric.length);
  const all = reader.array(
    'learned',
    lengths.reduce((sum, length) => sum + length, 0),
  );
  let at = 0;
  const learned = new Map(
    numeric.map((name, j) => [name, all.slice(at, (at += lengths[j]))] as [string, Float64Array]),
  );
  return fitted(ruleOf(reader.saved.values['parameters'] as never), features, learned); // `ruleOf` checks them
}
