import { type Milliseconds } from '@bellwether/contracts';
import type { Interactions, SparseRows } from '@bellwether/ml';
import {
  clickhouseTime,
  readMatrixInBatches,
  sqlBeside,
  type Params,
  type Warehouse,
} from '@bellwether/warehouse';
import { NamesBuilder, type Names } from './names.ts';

const PRODUCTS = sqlBeside(import.meta.url, 'products.sql');
const INTERACTIONS = withProducts('interactions.sql');
const BOUGHT = withProducts('bought.sql');

/** An order counts as much as ten looks, a basket as much as four; an order a season ago as half of one. */
export const WEIGHTS = { bought_weight: 10, added_weight: 4, half_life: 120, sold_half_life: 30 };

function withProducts(file: string): string {
  return sqlBeside(import.meta.url, file).replace('{{products}}', PRODUCTS);
}

/** What is known of one product. */
export interface Product {
  product_id: string;
  title: string;
  category: string;
  brand: string;
  price: number | null;
  cost: number | null;
  currency: string;
  /** Pieces; nothing where nobody tells. */
  stock: number | null;
  url: string;
  image_url: string;
  /** Orders, recent ones counting more. */
  sold: number;
}

/** Every product known as of a moment, in the order of their ids: a product's number is its place. */
export type Catalogue = readonly Product[];

/** What each customer and visitor did, a row each in the order of their ids; products rise within a row. */
export interface Histories extends SparseRows {
  readonly ids: Names;
  readonly values: Float32Array;
  /** Days since the last of it, beside each index. */
  readonly days: Float32Array;
  /** Orders that had it, at most 255. */
  readonly orders: Uint8Array;
}

/** What one person did, or what a basket holds. */
export interface History {
  items: Uint32Array;
  values: Float32Array;
  days: Float32Array;
  orders: Uint8Array;
}

/** All that is known as of a moment. */
export interface Past {
  asOf: Milliseconds;
  catalogue: Catalogue;
  histories: Histories;
}

export interface PastOptions {
  exclude?: readonly string[] | undefined;
  signal?: AbortSignal | undefined;
}

export async function readPast(
  warehouse: Warehouse,
  asOf: Milliseconds,
  options: PastOptions = {},
): Promise<Past> {
  const catalogue = await readCatalogue(warehouse, asOf, options.signal);
  const histories = await readHistories(warehouse, asOf, catalogue.length, options);
  return { asOf, catalogue, histories };
}

export function readCatalogue(
  warehouse: Warehouse,
  asOf: Milliseconds,
  signal?: AbortSignal,
): Promise<Product[]> {
  return warehouse.query<Product>(PRODUCTS, params(asOf), signal);
}

async function readHistories(
  warehouse: Warehouse,
  asOf: Milliseconds,
  width: number,
  { exclude = [], signal }: PastOptions,
): Promise<Histories> {
  const rows = new RowsBuilder();
  const options = { key: 'customer_id', ...(signal && { signal }) };
  const batches = readMatrixInBatches(
    warehouse,
    INTERACTIONS,
    { ...params(asOf), excluded: exclude },
    options,
  );
  for await (const { keys, columns } of batches) rows.add(keys, columns);
  return rows.build(width);
}

/** What known customers bought in the days after a moment and never before, beside the rows of `histories`. */
export async function boughtAfter(
  warehouse: Warehouse,
  { asOf, histories }: Past,
  horizonDays: number,
  { exclude = [], signal }: PastOptions = {},
): Promise<SparseRows> {
  const lists = new Map<number, number[]>();
  const options = { key: 'customer_id', ...(signal && { signal }) };
  const all = { ...params(asOf), excluded: exclude, horizon_days: horizonDays };
  for await (const { keys, columns } of readMatrixInBatches(warehouse, BOUGHT, all, options))
    keys.forEach((id, i) => {
      const row = histories.ids.find(id);
      if (row < 0) return;
      const list = lists.get(row) ?? [];
      list.push(columns[0][i]);
      lists.set(row, list);
    });
  return sparseOfLists(histories, lists);
}

function sparseOfLists({ rows, width }: SparseRows, lists: ReadonlyMap<number, number[]>): SparseRows {
  const offsets = new Uint32Array(rows + 1);
  for (let row = 0; row < rows; row++) offsets[row + 1] = offsets[row] + (lists.get(row)?.length ?? 0);
  const indices = new Uint32Array(offsets[rows]);
  for (const [row, list] of lists) indices.set(list, offsets[row]);
  return { rows, width, offsets, indices };
}

function params(asOf: Milliseconds): Params {
  return { as_of: clickhouseTime(asOf), ...WEIGHTS };
}

/** Rows as they come, customer after customer. */
class RowsBuilder {
  readonly #ids = new NamesBuilder();
  readonly #starts: number[] = [];
  readonly #parts: Float32Array[][] = [[], [], [], []];
  #last: string | undefined;
  #end = 0;

  add(keys: readonly string[], columns: readonly Float32Array[]): void {
    keys.forEach((id, i) => {
      if (id === this.#last) return;
      this.#last = id;
      this.#ids.add(id);
      this.#starts.push(this.#end + i);
    });
    this.#end += keys.length;
    this.#parts.forEach((part, j) => part.push(columns[j]));
  }

  build(width: number): Histories {
    const [product, weight, days, orders] = this.#parts;
    return {
      ids: this.#ids.build(),
      rows: this.#starts.length,
      width,
      offsets: Uint32Array.from([...this.#starts, this.#end]),
      indices: joined(product, new Uint32Array(this.#end)),
      values: joined(weight, new Float32Array(this.#end)),
      days: joined(days, new Float32Array(this.#end)),
      orders: joined(
        orders.map(part => part.map(count => Math.min(255, count))),
        new Uint8Array(this.#end),
      ),
    };
  }
}

function joined<A extends Uint32Array | Float32Array | Uint8Array>(
  parts: readonly Float32Array[],
  out: A,
): A {
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

export function historyAt({ offsets, indices, values, days, orders }: Histories, row: number): History {
  const [from, to] = [offsets[row], offsets[row + 1]];
  return {
    items: indices.subarray(from, to),
    values: values.subarray(from, to),
    days: days.subarray(from, to),
    orders: orders.subarray(from, to),
  };
}

/** As the methods of ml learn from it: `times` are days, rising. */
export function interactionsOf({ ids: _, days, orders: _orders, ...rows }: Histories): Interactions {
  return { ...rows, times: Float64Array.from(days, age => -age) };
}

/** Whether a row is of a customer, and not of a visitor who never said who they are. */
export function isKnown(id: string): boolean {
  return !id.startsWith('anon:');
}
