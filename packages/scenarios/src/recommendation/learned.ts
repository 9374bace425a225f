import type { RecommendationSource } from '@bellwether/contracts';
import { decode, encode, type Saved, type SparseRows } from '@bellwether/ml';
import { loadContent, saveContent, type ContentSpace } from './content.ts';
import type { ItemFactors } from './fold-in.ts';
import { loadRanker, saveRanker, type Ranker } from './ranker.ts';

/** items x items: row i holds for which products a deed with product i speaks, and how much. */
export type Weights = SparseRows & { readonly values: Float32Array };

export interface Neighbours {
  source: RecommendationSource & ('item-knn' | 'random-walk' | 'ease');
  weights: Weights;
}

/** Two rows to a product: what follows it, then what is alike. */
export interface Sequence {
  weights: Weights;
  /** In deeds back from the last: by how many a follower's voice halves, and an alike one's. */
  halfLife: number;
  memory: number;
}

export const METHODS = ['popularity', 'als', 'neighbours', 'sequential', 'content', 're-ranker'] as const;
export type Method = (typeof METHODS)[number];

/** What a version holds: of products only, nothing of any person. */
export interface Learned {
  /** Ids by number. */
  products: readonly string[];
  method: Method;
  factors?: ItemFactors | undefined;
  neighbours?: Neighbours | undefined;
  sequence?: Sequence | undefined;
  content?: ContentSpace | undefined;
  ranker?: Ranker | undefined;
}

const KIND = 'recommendation';
const VERSION = 1;

export function bytesOf(learned: Learned): Buffer {
  const { products, method, factors, neighbours, sequence, content, ranker } = learned;
  const parts = [
    factors && saveFactors(factors),
    neighbours && saveWeights(neighbours.source, neighbours.weights, {}),
    sequence && saveWeights('sequential', sequence.weights, sequence),
    content && saveContent(content),
    ranker && saveRanker(ranker),
  ].filter(part => part !== undefined);
  const values = { products: [...products], method };
  return Buffer.from(encode({ kind: KIND, version: VERSION, values, arrays: {}, parts }));
}

/** What `bytesOf` wrote; nothing where it was written in a form that is not read any more. */
export function learnedFrom(bytes: Uint8Array): Learned | undefined {
  try {
    const { kind, version, values, parts } = decode(bytes);
    const { products, method } = values;
    if (kind !== KIND || version !== VERSION || !Array.isArray(products)) return undefined;
    const part = (name: string): Saved | undefined => parts.find(saved => saved.kind === name);
    const [factors, sequence, content, ranker] = ['factors', 'sequential', 'content', 'ranker'].map(part);
    const alike = parts.find(saved => ['item-knn', 'random-walk', 'ease'].includes(saved.kind));
    return {
      products: products.map(String),
      method: METHODS.find(name => name === method) ?? 'popularity',
      factors: factors && loadFactors(factors),
      neighbours: alike && { source: alike.kind as Neighbours['source'], weights: loadWeights(alike) }, // one of the three
      sequence: sequence && loadSequence(sequence),
      content: content && loadContent(content),
      ranker: ranker && loadRanker(ranker),
    };
  } catch {
    return undefined;
  }
}

function saveFactors({ vectors, ...values }: ItemFactors): Saved {
  return { kind: 'factors', version: VERSION, values: { ...values }, arrays: { vectors }, parts: [] };
}

function loadFactors({ values, arrays }: Saved): ItemFactors {
  const number = (name: string): number => Number(values[name]);
  return {
    ...{ factors: number('factors'), alpha: number('alpha'), l2: number('l2'), scaling: number('scaling') },
    vectors: arrays['vectors'] as Float32Array, // as it was saved
  };
}

function saveWeights(
  kind: string,
  { offsets, indices, values, width }: Weights,
  more: Partial<Sequence>,
): Saved {
  const { halfLife = 0, memory = 0 } = more;
  return {
    ...{ kind, version: VERSION, values: { width, halfLife, memory } },
    ...{ arrays: { offsets, indices, values }, parts: [] },
  };
}

function loadWeights({ values: { width }, arrays }: Saved): Weights {
  const { offsets, indices, values } = arrays as Record<string, Uint32Array | Float32Array>; // as they were saved
  return {
    ...{ rows: offsets.length - 1, width: Number(width), offsets: offsets as Uint32Array },
    ...{ indices: indices as Uint32Array, values: values as Float32Array },
  };
}

function loadSequence(saved: Saved): Sequence {
  const { halfLife, memory } = saved.values;
  return { weights: loadWeights(saved), halfLife: Number(halfLife), memory: Number(memory) };
}
