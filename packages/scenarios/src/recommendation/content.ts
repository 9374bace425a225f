import type { Rng } from '@bellwether/ml';
import {
  loadTextHashing,
  textHashing,
  truncatedSvd,
  type FittedTextHashing,
  type Saved,
  type SparseRows,
} from '@bellwether/ml';
import type { Catalogue, Product } from './past.ts';

/** How a product's words become a short vector. */
export interface ContentSpace {
  hashing: FittedTextHashing;
  components: number;
  /** Components x hashed words, by row. */
  directions: Float64Array;
}

/** Places that words are hashed onto: more where there are more products, and so more words. */
const WIDTHS = [2 ** 12, 2 ** 14] as const;
const MANY = 5000;
const COMPONENTS = 24;

/**
 * Learns a space of contents: title, category, brand and band of price as hashed words by tf-idf, reduced to the few
 * directions in which products differ most (latent semantic analysis). Nothing where there are too few words.
 */
export async function learnContent(catalogue: Catalogue, rng: Rng): Promise<ContentSpace | undefined> {
  const texts = catalogue.map(wordsOf);
  if (texts.filter(text => text !== '').length < 2) return undefined;
  const { fitted, rows } = textHashing({ width: WIDTHS[Number(catalogue.length > MANY)], words: [1, 2] }).fit(
    texts,
  );
  const components = Math.min(COMPONENTS, rows.rows - 1);
  if (components < 2) return undefined;
  const { vectors } = await truncatedSvd({ components, iterations: 4 }).fit(rows, undefined, { rng });
  return { hashing: fitted, components, directions: vectors };
}

/** The words of a product; its category counts twice. */
export function wordsOf({ title, category, brand, price }: Product): string {
  const band = price !== null && price > 0 ? `priceband${Math.round(2 * Math.log2(price))}` : '';
  const kind = category === '' ? '' : `category${category} category${category} ${category}`;
  return [title, kind, brand, band].filter(text => text !== '').join(' . ');
}

/** Products x components, each row of length 1; zeros where a product has no words that are known. */
export function contentVectors(
  { hashing, components, directions }: ContentSpace,
  catalogue: Catalogue,
): Float32Array {
  const rows = hashing.transform(catalogue.map(wordsOf));
  const out = new Float32Array(catalogue.length * components);
  for (let row = 0; row < catalogue.length; row++) project(rows, row, directions, out, components);
  return out;
}

function project(
  { offsets, indices, values, width }: SparseRows,
  row: number,
  directions: Float64Array,
  out: Float32Array,
  components: number,
): void {
  let squares = 0;
  for (let c = 0; c < components; c++) {
    let sum = 0;
    for (let at = offsets[row]; at < offsets[row + 1]; at++)
      sum += (values?.[at] ?? 1) * directions[c * width + indices[at]];
    out[row * components + c] = sum;
    squares += sum * sum;
  }
  if (squares < 1e-12) return;
  for (let c = 0; c < components; c++) out[row * components + c] /= Math.sqrt(squares);
}

export function saveContent({ hashing, components, directions }: ContentSpace): Saved {
  return {
    kind: 'content',
    version: 1,
    values: { components },
    arrays: { directions },
    parts: [hashing.save()],
  };
}

export function loadContent({ values, arrays, parts }: Saved): ContentSpace {
  const { directions } = arrays;
  if (!(directions instanceof Float64Array) || parts[0] === undefined)
    throw new TypeError('the space of contents was kept in another form');
  return { hashing: loadTextHashing(parts[0]), components: Number(values['components']), directions };
}
