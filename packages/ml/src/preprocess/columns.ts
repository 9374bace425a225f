import type { FitOptions, FittedTransformer, Transformer } from '../estimator.ts';
import { MlError, required } from '../errors.ts';
import type { Load, Make } from '../family.ts';
import { SavedReader, type Json, type Saved } from '../saved.ts';
import { soundTable } from '../sound.ts';
import { checked, dictionaryOf, pick, type Table } from '../table.ts';
import { withDictionaries } from './columnwise.ts';

/** Some columns, by name, and what is done to them. */
export type ColumnsPart = readonly [names: readonly string[], transformer: Transformer];

export interface ColumnsOptions {
  /** What becomes of the columns that no part names. */
  rest?: 'pass' | 'drop';
}

const KIND = 'columns';
const VERSION = 1;
const NO_TARGET = new Float32Array();

/**
 * Applies transformers to the columns that are named, each to its own; the other columns pass as they are. What comes out
 * stands in order of the parts, then the rest.
 *
 * @throws MlError `ml.bad_parameter` when a column is named twice; `ml.bad_table` when one is not there
 * @example
 * columns([
 *   [['age', 'income'], robustScale()],
 *   [['city'], targetEncode()],
 * ])
 */
export function columns(parts: readonly ColumnsPart[], { rest = 'pass' }: ColumnsOptions = {}): Transformer {
  const named = parts.flatMap(([names]) => names);
  const twice = named.find((name, at) => named.indexOf(name) !== at);
  required(twice === undefined, 'columns', 'named once', `"${twice}" twice`);
  required(rest === 'pass' || rest === 'drop', 'rest', 'pass or drop', rest);
  const described = parts.map(([names, { name, parameters }]) => ({
    names,
    transformer: { name, parameters },
  }));
  return Object.freeze({
    name: KIND,
    parameters: Object.freeze({ parts: described, rest }),
    fit: (table: Table, target?: Float32Array, options: FitOptions = {}) =>
      fit(parts, rest, table, target, options),
  });
}

/** The transformer of its parameters as plain values. */
export function columnsOf(parameters: { parts?: unknown; rest?: 'pass' | 'drop' }, make: Make): Transformer {
  const { parts, rest = 'pass' } = parameters;
  if (!Array.isArray(parts) || !parts.every(isPart))
    throw new MlError('ml.bad_parameter', 'parts must be a list of { names, transformer }');
  return columns(
    parts.map(({ names, transformer }): ColumnsPart => [names, make.transformer(transformer)]),
    { rest },
  );
}

interface Part {
  names: readonly string[];
  transformer: Json;
}

function isPart(value: unknown): value is Part {
  if (typeof value !== 'object' || value === null) return false;
  const { names, transformer } = value as Record<string, unknown>; // each is looked at next
  return Array.isArray(names) && names.every(name => typeof name === 'string') && transformer !== undefined;
}

async function fit(
  parts: readonly ColumnsPart[],
  rest: 'pass' | 'drop',
  table: Table,
  target: Float32Array | undefined,
  options: FitOptions,
): Promise<FittedTransformer> {
  soundTable(table, NO_TARGET, options, { method: KIND, missing: true, categories: true });
  const named = new Set(parts.flatMap(([names]) => names));
  const passing = rest === 'pass' ? table.names.filter(name => !named.has(name)) : [];
  const steps: FittedTransformer[] = [];
  for (const [names, transformer] of parts)
    steps.push(await transformer.fit(pick(table, names), target, options));
  const made = fitted(steps, passing);
  if (steps.every(step => step.trained === undefined)) return made;
  const trained = steps.map(step => step.trained ?? step.transform(table));
  return { ...made, trained: besides([...trained, pick(table, passing)], table.rows) };
}

function fitted(steps: readonly FittedTransformer[], passing: readonly string[]): FittedTransformer {
  return {
    kind: KIND,
    features: [...steps.flatMap(step => step.features), ...passing],
    sources: [...steps.flatMap(step => step.sources), ...passing],
    transform: table =>
      besides([...steps.map(step => step.transform(table)), pick(table, passing)], table.rows),
    save: () => ({
      kind: KIND,
      version: VERSION,
      values: { passing },
      arrays: {},
      parts: steps.map(step => step.save()),
    }),
  };
}

/** Tables side by side. */
function besides(tables: readonly Table[], rows: number): Table {
  const dictionaries: Record<string, readonly string[]> = {};
  for (const table of tables)
    for (const name of table.names) {
      const words = dictionaryOf(table, name);
      if (words) dictionaries[name] = words;
    }
  const [names, values] = [tables.flatMap(each => each.names), tables.flatMap(each => each.columns)];
  if (values.some(column => column.length !== rows))
    throw new MlError('ml.bad_table', 'a transformer changed the number of rows');
  return checked(withDictionaries({ names, rows, columns: values }, dictionaries));
}

export function loadColumns(saved: Saved, load: Load): FittedTransformer {
  const reader = new SavedReader(saved, KIND, VERSION);
  return fitted(
    saved.parts.map(part => load.transformer(part)),
    reader.names('passing'),
  );
}
