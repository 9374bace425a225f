import type { FitOptions, FittedTransformer, Parameters } from '../estimator.ts';
import { MlError, required } from '../errors.ts';
import { Rng } from '../random/rng.ts';
import { withTeam } from '../runtime/team.ts';
import { SavedReader, type Saved } from '../saved.ts';
import { soundSparse, soundTable } from '../sound.ts';
import { checkedSparse, type SparseRows } from '../sparse.ts';
import type { Table } from '../table.ts';
import { mainSources, namesOf, projected, type Projection } from './projection.ts';
import { singularOf } from './subspace.ts';
import { denseTimesTwice, sparseTimesTwice } from './times-twice.ts';

export interface TruncatedSvdParameters {
  components: number;
  /** Passes over the rows; more make close singular values exact. */
  iterations?: number;
}

export interface FittedSvd extends FittedTransformer {
  /** Components x columns, by row; each of length 1, its largest element positive. */
  readonly vectors: Float64Array;
  /** Largest first. */
  readonly singularValues: Float64Array;
  transform(rows: Table | SparseRows): Table;
}

/** A transformer of tables, which learns from and reduces sparse rows too. */
export interface TruncatedSvd {
  readonly name: string;
  readonly parameters: Parameters;
  fit(rows: Table | SparseRows, target?: Float32Array, options?: FitOptions): Promise<FittedSvd>;
}

const KIND = 'truncatedSvd';
const VERSION = 1;
const PREFIX = 'svd';

/**
 * The directions of the largest singular values, without taking means off: so sparse rows stay sparse. Of words counted
 * by texts it is latent semantic analysis. What comes out is called svd1, svd2, … Weights act as repeated rows.
 * Randomised subspace iteration (Halko, Martinsson and Tropp 2011).
 *
 * @throws MlError `ml.bad_parameter` when there are fewer columns or rows than components
 * @example
 * const fitted = await truncatedSvd({ components: 50 }).fit(words);
 * fitted.transform(words); // a table of 50 columns
 */
export function truncatedSvd({ components, iterations = 7 }: TruncatedSvdParameters): TruncatedSvd {
  const isCount = (value: number): boolean => Number.isInteger(value) && value >= 1;
  required(isCount(components), 'components', 'a whole number from 1 up', components);
  required(isCount(iterations), 'iterations', 'a whole number from 1 up', iterations);
  return Object.freeze({
    name: KIND,
    parameters: Object.freeze({ components, iterations }),
    fit: (rows: Table | SparseRows, _target?: Float32Array, options: FitOptions = {}) =>
      fit(rows, components, iterations, options),
  });
}

function isSparse(rows: Table | SparseRows): rows is SparseRows {
  return 'offsets' in rows;
}

async function fit(
  rows: Table | SparseRows,
  components: number,
  iterations: number,
  options: FitOptions,
): Promise<FittedSvd> {
  const { threads, signal, weights, rng = new Rng(0) } = options;
  if (isSparse(rows)) soundSparse(rows, new Float32Array(), options, { method: KIND });
  else soundTable(rows, new Float32Array(), options, { method: KIND });
  const width = isSparse(rows) ? rows.width : rows.columns.length;
  const most = Math.min(width, rows.rows);
  required(components <= most, 'components', `at most ${most}, the lesser of rows and columns`, components);
  const values = isSparse(rows) ? rows.indices.length : rows.rows * width;
  const { squares, vectors } = await withTeam(
    'dense',
    { threads, signal, work: values * components * iterations },
    team =>
      singularOf(
        isSparse(rows) ? sparseTimesTwice(team, rows, weights) : denseTimesTwice(team, rows, weights),
        { width, components, iterations, rng, pause: () => team.pause() },
      ),
  );
  const features = isSparse(rows) ? [] : rows.names;
  return fitted({ features, width, vectors, singularValues: squares.map(Math.sqrt) });
}

interface Own {
  /** None where it learned from sparse rows. */
  features: readonly string[];
  width: number;
  vectors: Float64Array;
  singularValues: Float64Array;
}

function fitted(own: Own): FittedSvd {
  const { features, width, vectors, singularValues } = own;
  const projection: Projection = {
    ...{ features, vectors },
    means: new Float64Array(width),
    scales: new Float64Array(singularValues.length).fill(1),
  };
  const isOfTables = features.length > 0;
  return {
    kind: KIND,
    features,
    sources: isOfTables ? mainSources(projection) : namesOf(PREFIX, singularValues.length),
    ...{ vectors, singularValues },
    transform: rows => {
      if (isSparse(rows) === isOfTables)
        throw new MlError(
          'ml.bad_table',
          `${KIND} learned from ${isOfTables ? 'tables' : 'sparse rows'}; give it such`,
        );
      return isSparse(rows) ? projectedSparse(rows, own) : projected(rows, PREFIX, projection);
    },
    save: () => ({
      kind: KIND,
      version: VERSION,
      values: { features, width },
      arrays: { vectors, singularValues },
      parts: [],
    }),
  };
}

function projectedSparse(rows: SparseRows, { width, vectors, singularValues }: Own): Table {
  const { offsets, indices, values } = checkedSparse(rows);
  if (rows.width !== width)
    throw new MlError('ml.bad_table', `the rows are ${rows.width} wide; ${KIND} learned from ${width}`);
  const columns = Array.from(singularValues, (_, c) =>
    Float32Array.from({ length: rows.rows }, (_row, row) => {
      let sum = 0;
      for (let at = offsets[row]; at < offsets[row + 1]; at++)
        sum += (values ? values[at] : 1) * vectors[c * width + indices[at]];
      return sum;
    }),
  );
  return { names: namesOf(PREFIX, columns.length), rows: rows.rows, columns };
}

/** The transformer that `save` gave. @throws MlError `ml.bad_model` */
export function loadTruncatedSvd(saved: Saved): FittedSvd {
  const reader = new SavedReader(saved, KIND, VERSION);
  const [features, width] = [reader.names('features'), reader.number('width')];
  const singularValues = reader.array('singularValues');
  const isSound = Number.isInteger(width) && (features.length === 0 || features.length === width);
  if (!isSound) throw reader.bad('width');
  return fitted({
    ...{ features, width, singularValues },
    vectors: reader.array('vectors', width * singularValues.length),
  });
}
