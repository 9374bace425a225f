import type { FitOptions, FittedTransformer, Parameters } from '../estimator.ts';
import { required } from '../errors.ts';
import { Rng } from '../random/rng.ts';
import { withTeam, type Team } from '../runtime/team.ts';
import { SavedReader, type Saved } from '../saved.ts';
import { soundTable } from '../sound.ts';
import type { Table } from '../table.ts';
import { eigenOf } from './eigen.ts';
import { scatterOf } from './products.ts';
import { mainSources, projected, unprojected, type Projection } from './projection.ts';
import { singularOf } from './subspace.ts';
import { denseTimesTwice } from './times-twice.ts';

export interface PcaParameters {
  /** Directions to keep; as many as there are columns, or rows less one, where absent or more. */
  components?: number;
  /** Whether each component is brought to variance 1. */
  whiten?: boolean;
}

export interface FittedPca extends FittedTransformer {
  /** Components x columns, by row; each of length 1, its largest element positive. */
  readonly vectors: Float64Array;
  readonly means: Float64Array;
  /** Variance along each component. */
  readonly variances: Float64Array;
  /** Share of all variance that each component has. */
  readonly shares: Float64Array;
  /** Back to the columns; what the components do not tell is lost. */
  inverse(table: Table): Table;
}

/** A transformer that also tells what it found. */
export interface Pca {
  readonly name: string;
  readonly parameters: Parameters;
  fit(table: Table, target?: Float32Array, options?: FitOptions): Promise<FittedPca>;
}

const KIND = 'pca';
const VERSION = 1;
const PREFIX = 'pc';
/** Up to so many columns every direction is found; beyond, only the first are, by random ones. */
const MOST_EXACT = 400;
const ITERATIONS = 7;

/**
 * Principal components: directions along which the rows vary most, uncorrelated. Columns should be of like scale
 * (`standardise` before it) and complete (`impute` before it). What comes out is called pc1, pc2, …; the source of each is
 * the column that weighs most in it. Weights act as repeated rows.
 *
 * The covariance is decomposed whole up to 400 columns, else the first components are found by randomised subspace
 * iteration (Halko, Martinsson and Tropp 2011).
 *
 * @example
 * const fitted = await pca({ components: 2 }).fit(table);
 * fitted.shares; // Float64Array [0.62, 0.21]
 */
export function pca(parameters: PcaParameters = {}): Pca {
  const { components, whiten = false } = parameters;
  required(
    components === undefined || (Number.isInteger(components) && components >= 1),
    'components',
    'a whole number from 1 up',
    components,
  );
  return Object.freeze({
    name: KIND,
    parameters: Object.freeze(components === undefined ? { whiten } : { components, whiten }),
    fit: (table: Table, _target?: Float32Array, options: FitOptions = {}) =>
      fit(table, components ?? Infinity, whiten, options),
  });
}

async function fit(table: Table, wanted: number, whiten: boolean, options: FitOptions): Promise<FittedPca> {
  soundTable(table, new Float32Array(), options, { method: KIND });
  const width = table.columns.length;
  const components = Math.min(wanted, width, Math.max(1, table.rows - 1));
  const { threads, signal } = options;
  const work = table.rows * width * Math.min(width, components * ITERATIONS);
  const found = await withTeam('dense', { threads, work, signal }, team =>
    width <= MOST_EXACT
      ? exact(team, table, components, options)
      : randomised(team, table, components, options),
  );
  // a direction without variance cannot be brought to any
  const scales = found.variances.map(variance => (whiten && variance > 0 ? Math.sqrt(variance) : 1));
  return fitted({ features: table.names, ...found, scales });
}

interface Found {
  means: Float64Array;
  vectors: Float64Array;
  variances: Float64Array;
  shares: Float64Array;
}

async function exact(team: Team, table: Table, components: number, { weights }: FitOptions): Promise<Found> {
  const n = table.columns.length;
  const { scatter, means, total } = await scatterOf(team, table, weights);
  const { values, vectors } = eigenOf(scatter, n);
  const positive = values.map(value => Math.max(0, value));
  const all = positive.reduce((sum, value) => sum + value, 0);
  const kept = positive.slice(0, components);
  return {
    means,
    vectors: vectors.slice(0, components * n),
    variances: kept.map(value => value / freedom(total)),
    shares: kept.map(value => (all > 0 ? value / all : 0)),
  };
}

/** What sums of squares are divided by for a variance. */
function freedom(total: number): number {
  return total > 1 ? total - 1 : total;
}

async function randomised(
  team: Team,
  table: Table,
  components: number,
  { weights, rng = new Rng(0) }: FitOptions,
): Promise<Found> {
  const total = weights?.reduce((sum, weight) => sum + weight, 0) ?? table.rows;
  const means = Float64Array.from(table.columns, column => sumOf(column, weights) / total);
  const columns = table.columns.map((column, j) => column.map(value => value - means[j]));
  const width = columns.length;
  const { squares, vectors } = await singularOf(denseTimesTwice(team, { ...table, columns }, weights), {
    ...{ width, components, iterations: ITERATIONS, rng },
    pause: () => team.pause(),
  });
  const all = columns.reduce(
    (sum, column) =>
      sum +
      sumOf(
        column.map(value => value * value),
        weights,
      ),
    0,
  );
  const variances = squares.map(square => square / freedom(total));
  return { means, vectors, variances, shares: squares.map(square => (all > 0 ? square / all : 0)) };
}

function sumOf(column: Float32Array, weights: Float32Array | undefined): number {
  let sum = 0;
  for (let row = 0; row < column.length; row++) sum += (weights?.[row] ?? 1) * column[row];
  return sum;
}

function fitted(own: Projection & Found): FittedPca {
  const { features, means, vectors, variances, shares, scales } = own;
  return {
    kind: KIND,
    features,
    sources: mainSources(own),
    ...{ means, vectors, variances, shares },
    transform: table => projected(table, PREFIX, own),
    inverse: table => unprojected(table, PREFIX, own),
    save: () => ({
      kind: KIND,
      version: VERSION,
      values: { features },
      arrays: { means, vectors, variances, shares, scales },
      parts: [],
    }),
  };
}

/** The transformer that `save` gave. @throws MlError `ml.bad_model` */
export function loadPca(saved: Saved): FittedPca {
  const reader = new SavedReader(saved, KIND, VERSION);
  const [features, scales] = [reader.names('features'), reader.array('scales')];
  const count = scales.length;
  return fitted({
    features,
    scales,
    means: reader.array('means', features.length),
    vectors: reader.array('vectors', features.length * count),
    variances: reader.array('variances', count),
    shares: reader.array('shares', count),
  });
}
