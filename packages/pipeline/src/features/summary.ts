import { readMatrix, type Params, type Warehouse } from '@bellwether/warehouse';

/** What the warehouse says of one column without sending a row. Of no value, mean and the rest are NaN. */
export interface ColumnSummary {
  /** Values that are there. */
  count: number;
  missing: number;
  mean: number;
  /** Over n - 1. */
  variance: number;
  min: number;
  max: number;
}

/** Sums over the rows that lack nothing: enough for least squares, principal components, a start for logistic regression. */
export interface CrossProducts {
  names: readonly string[];
  rows: number;
  sums: Float64Array;
  /** names x names, by row: the sum of the product of each two columns. */
  products: Float64Array;
}

/**
 * Counts, means, variances and bounds of each column of a query, computed where the rows are.
 *
 * @param sql a SELECT whose columns `names` are numbers, NaN where missing
 */
export async function columnSummaries(
  warehouse: Warehouse,
  sql: string,
  names: readonly string[],
  params: Params = {},
): Promise<Map<string, ColumnSummary>> {
  const told = names.flatMap((name, j) => {
    const there = `NOT isNaN(${quoted(name)})`;
    const value = `toFloat64(${quoted(name)})`;
    const means = ['avg', 'varSamp', 'min', 'max'].map(
      (of, k) => `if(countIf(${there}) > 0, ${of}If(${value}, ${there}), nan) AS c${j}_${k}`,
    );
    return [`countIf(${there}) AS c${j}_n`, `countIf(NOT ${there}) AS c${j}_missing`, ...means];
  });
  const [row] = await warehouse.query<Record<string, number | null>>(
    `SELECT ${told.join(', ')} FROM (\n${sql}\n)`,
    params,
  );
  const at = (key: string): number => row?.[key] ?? NaN;
  return new Map(
    names.map((name, j) => [
      name,
      {
        count: at(`c${j}_n`),
        missing: at(`c${j}_missing`),
        ...{ mean: at(`c${j}_0`), variance: at(`c${j}_1`), min: at(`c${j}_2`), max: at(`c${j}_3`) },
      },
    ]),
  );
}

/** Sums and products of each two columns of a query, computed where the rows are: one row of d (d + 3) / 2 + 1 numbers comes back. */
export async function crossProducts(
  warehouse: Warehouse,
  sql: string,
  names: readonly string[],
  params: Params = {},
): Promise<CrossProducts> {
  const d = names.length;
  const value = (j: number): string => `toFloat64(${quoted(names[j])})`;
  const pairs = names.flatMap((_, i) => names.slice(i).map((_, k): [number, number] => [i, i + k]));
  const products = pairs.map(([i, j]) => `sum(${value(i)} * ${value(j)})`);
  const sums = names.map((_, j) => `sum(${value(j)})`);
  const whole = names.map(name => `NOT isNaN(${quoted(name)})`).join(' AND ');
  const { rows, found } = await warehouse.one<{ rows: number; found: number[] }>(
    `SELECT count() AS rows, [${[...sums, ...products].join(', ')}] AS found FROM (\n${sql}\n) WHERE ${whole}`,
    params,
  );
  const square = new Float64Array(d * d);
  pairs.forEach(([i, j], at) => {
    square[i * d + j] = found[d + at];
    square[j * d + i] = found[d + at];
  });
  return { names, rows, sums: Float64Array.from(found.slice(0, d)), products: square };
}

/**
 * Rows of each column in the bins between its edges, those missing last: the counts of `countsIn` of ml, where the rows are.
 *
 * @param edges of each column, ascending; a value equal to an edge has reached it
 */
export async function histograms(
  warehouse: Warehouse,
  sql: string,
  edges: ReadonlyMap<string, Float64Array>,
  params: Params = {},
): Promise<Map<string, Float64Array>> {
  const columns = [...edges].map(([name, own], j) => {
    const list = `[${Array.from(own, edge => `toFloat64(${edge})`).join(', ')}]`;
    const above = own.length === 0 ? '0' : `arrayCount(edge -> ${quoted(name)} >= edge, ${list})`;
    const bin = `if(isNaN(${quoted(name)}), ${own.length + 1}, ${above})`;
    return `sumForEach(arrayMap(bin -> toUInt64(bin = ${bin}), range(${own.length + 2}))) AS h${j}`;
  });
  if (columns.length === 0) return new Map();
  const row = await warehouse.one<Record<string, number[]>>(
    `SELECT ${columns.join(', ')} FROM (\n${sql}\n)`,
    params,
  );
  return new Map([...edges].map(([name, own], j) => [name, countsOf(row[`h${j}`], own.length + 2)]));
}

/** Of no row at all, a sum of arrays is empty. */
function countsOf(counts: readonly number[] | undefined, length: number): Float64Array {
  const all = new Float64Array(length);
  all.set(counts ?? []);
  return all;
}

/**
 * Edges that cut each column of a query into bins of as many rows, computed where the rows are.
 *
 * @param bins how many; there are fewer edges where values repeat
 */
export async function quantileEdges(
  warehouse: Warehouse,
  sql: string,
  names: readonly string[],
  bins: number,
  params: Params = {},
): Promise<Map<string, Float64Array>> {
  const levels = Array.from({ length: bins - 1 }, (_, i) => (i + 1) / bins).join(', ');
  const lists = names.map(
    name =>
      `SELECT arrayJoin(quantilesExactInclusiveIf(${levels})(toFloat64(${quoted(name)}), NOT isNaN(${quoted(name)}))) AS edge`,
  );
  const found = await Promise.all(
    lists.map(list => readMatrix(warehouse, `${list} FROM (\n${sql}\n)`, params)),
  );
  return new Map(
    names.map((name, j) => {
      const edges = Array.from(found[j].columns[0]).filter(edge => !Number.isNaN(edge));
      return [name, Float64Array.from(new Set(edges))];
    }),
  );
}

function quoted(name: string): string {
  return `\`${name.replaceAll(/[\\`]/g, sign => `\\${sign}`)}\``;
}
