import { withTeam } from '../runtime/team.ts';
import { SavedReader, type Saved } from '../saved.ts';
import type { Table } from '../table.ts';
import { centresIn, place, shapeOf } from './centres.ts';
import { readable, type Clusterer } from './clusterer.ts';
import { nearestOf, type Nearest } from './nearest.reference.ts';

export const KIND = 'kMeans';
const VERSION = 1;
/** So many distances are sooner measured here than a team is made. */
const FEW = 20_000;

export interface KMeansModel extends Clusterer {
  /** Clusters x columns, by row. */
  readonly centres: Float64Array;
  /** Weight of the rows learned from, by cluster. */
  readonly sizes: Float64Array;
  /** Weighted sum of the squared distances of the rows learned from, each from its centre. */
  readonly inertia: number;
  readonly iterations: number;
  readonly converged: boolean;
  /** Distance of each row from the centre that it is nearest to. */
  distances(table: Table): Float32Array;
}

interface Fitted {
  features: readonly string[];
  centres: Float64Array;
  sizes: Float64Array;
  inertia: number;
  iterations: number;
  converged: boolean;
}

export function kMeansModel({
  features,
  centres,
  sizes,
  inertia,
  iterations,
  converged,
}: Fitted): KMeansModel {
  const nearest = (table: Table): Nearest => nearestCentres(readable(table, features, KIND), centres);
  return {
    kind: KIND,
    features,
    clusters: sizes.length,
    ...{ centres, sizes, inertia, iterations, converged },
    assign: table => nearest(table).labels,
    distances: table => nearest(table).distances,
    save: () => ({
      kind: KIND,
      version: VERSION,
      values: { features, inertia, iterations, converged },
      arrays: { centres, sizes },
      parts: [],
    }),
  };
}

/** The same whether a kernel finds it or its twin. */
function nearestCentres(table: Table, centres: Float64Array): Nearest {
  const { rows, columns } = table;
  if (rows * centres.length <= FEW) return nearestOf(table, centres);
  const shape = shapeOf(rows, columns.length, centres.length / columns.length);
  return withTeam('cluster', { work: rows * centres.length * 3 }, team => {
    team.scratch(shape.places * 16 + 64);
    const own = centresIn(team, shape);
    place(own, centres, shape);
    const [labels, distances, others] = [team.i32(rows), team.f32(rows), team.f32(rows)];
    const given = [team.rows(table), shape.stride, columns.length, own.turned, shape.places] as const;
    team.run('assign', rows, 4096, ...given, labels, distances, others);
    return { labels: labels.slice(), distances: distances.slice() };
  });
}

/** The model that `save` gave. @throws MlError `ml.bad_model` */
export function loadKMeans(saved: Saved): KMeansModel {
  const reader = new SavedReader(saved, KIND, VERSION);
  const [features, sizes] = [reader.names('features'), reader.array('sizes')];
  return kMeansModel({
    features,
    sizes,
    centres: reader.array('centres', sizes.length * features.length),
    inertia: reader.number('inertia'),
    iterations: reader.number('iterations'),
    converged: reader.flag('converged'),
  });
}
