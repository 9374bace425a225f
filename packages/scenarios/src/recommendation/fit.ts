import {
  als,
  ease,
  itemKnn,
  randomWalk,
  Rng,
  sequential,
  type Interactions,
  type ItemRecommender,
  type RecommenderEstimator,
} from '@bellwether/ml';
import type { ItemFactors } from './fold-in.ts';
import type { Neighbours, Sequence } from './learned.ts';
import { interactionsOf, type Histories } from './past.ts';

/** A way of learning one source, with the parameters that are tried. */
export interface Recipe<T> {
  name: string;
  parameters: Readonly<Record<string, number>>;
  fit(histories: Histories, options: FitOptions): Promise<T>;
}

export interface FitOptions {
  seed: number;
  signal?: AbortSignal | undefined;
}

/** Products up to which the closed form of EASE is tried: its work grows with their cube. */
const EASE_PRODUCTS = 2500;
const KEPT = 100;

export function factorRecipes(products: number): Recipe<ItemFactors>[] {
  const factors = products < 500 ? 16 : 64;
  return [
    { factors, alpha: 4, l2: 2, scaling: 0.5 },
    { factors, alpha: 4, l2: 10, scaling: 0.5 },
    { factors, alpha: 1, l2: 10, scaling: 0.5 },
  ].map(parameters => ({
    name: 'als',
    parameters,
    fit: async (histories, { seed, signal }) => {
      const model = await als(parameters).fit(unordered(histories), { rng: new Rng(seed), signal });
      return { ...parameters, vectors: model.itemFactors };
    },
  }));
}

export function neighbourRecipes(products: number): Recipe<Neighbours>[] {
  const near = Math.min(KEPT, products);
  const recipes = [
    neighbours('item-knn', { neighbours: near, shrinkage: 10 }, itemKnn),
    neighbours('item-knn', { neighbours: near, shrinkage: 100 }, itemKnn),
    neighbours('random-walk', { neighbours: near, alpha: 0.8, beta: 0.3 }, randomWalk),
  ];
  if (products <= EASE_PRODUCTS) recipes.push(neighbours('ease', { neighbours: near, l2: 200 }, ease));
  return recipes;
}

function neighbours<P extends Record<string, number>>(
  source: Neighbours['source'],
  parameters: P,
  method: (parameters: P) => RecommenderEstimator<ItemRecommender>,
): Recipe<Neighbours> {
  return {
    name: source,
    parameters,
    fit: async (histories, { seed, signal }) => {
      const model = await method(parameters).fit(unordered(histories), { rng: new Rng(seed), signal });
      return { source, weights: model.weights };
    },
  };
}

export function sequenceRecipes(products: number): Recipe<Sequence>[] {
  const near = Math.min(KEPT, products);
  return [0.3, 0.6].map(popularity => {
    const parameters = { window: 10, halfLife: 3, memory: 30, share: 0.3, popularity, neighbours: near };
    return {
      name: 'sequential',
      parameters,
      fit: async (histories, { seed, signal }) => {
        const model = await sequential(parameters).fit(interactionsOf(histories), {
          rng: new Rng(seed),
          signal,
        });
        return { weights: model.weights, halfLife: parameters.halfLife, memory: parameters.memory };
      },
    };
  });
}

/** Without times, so that rows that rise already are not copied. */
function unordered({ rows, width, offsets, indices, values }: Histories): Interactions {
  return { rows, width, offsets, indices, values };
}
