import { freshWarehouse } from '@bellwether/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readMatrix, readMatrixInBatches } from './matrix.ts';
import type { Warehouse } from './warehouse.ts';

let warehouse: Warehouse;
beforeAll(async () => {
  warehouse = await freshWarehouse();
});
afterAll(() => warehouse.close());

test('every type of number becomes 32-bit floats; NULL and NaN are missing; the key is text', async () => {
  const matrix = await readMatrix(
    warehouse,
    `SELECT toLowCardinality(concat('客', toString(number))) AS who, toUInt8(number) AS u8, toInt64(-number) AS i64,
       number / 2 AS f64, toFloat32(number) AS f32, if(number = 1, NULL, number) AS holes, number > 1 AS flag, toBool(number = 1) AS truth,
       if(number = 2, nan, 1) AS missing
     FROM numbers({n:UInt64}) ORDER BY number`,
    { n: 3 },
    { key: 'who' },
  );
  expect(matrix.keys).toEqual(['客0', '客1', '客2']);
  expect(matrix.names).toEqual(['u8', 'i64', 'f64', 'f32', 'holes', 'flag', 'truth', 'missing']);
  expect(matrix.columns.map(column => [...column])).toEqual([
    [0, 1, 2],
    [0, -1, -2],
    [0, 0.5, 1],
    [0, 1, 2],
    [0, NaN, 2],
    [0, 0, 1],
    [0, 1, 0],
    [1, 1, NaN],
  ]);
});

test('a large result comes in batches whose rows are those of the whole', async () => {
  const sql = 'SELECT toString(number) AS who, number AS n FROM numbers(200000)';
  let [rows, batches, sum] = [0, 0, 0];
  for await (const batch of readMatrixInBatches(warehouse, sql, {}, { key: 'who' })) {
    expect(batch.keys.length).toBe(batch.rows);
    rows += batch.rows;
    batches++;
    sum += batch.columns[0].reduce((total, n) => total + n, 0);
  }
  expect([rows, sum]).toEqual([200_000, (200_000 * 199_999) / 2]);
  expect(batches).toBeGreaterThan(1);
});

test('no rows still have their columns', async () => {
  const matrix = await readMatrix(warehouse, 'SELECT 1 AS a, 2 AS b WHERE 0');
  expect([matrix.rows, matrix.names]).toEqual([0, ['a', 'b']]);
});

test('what is not a number, or a key that is not there, is named', async () => {
  await expect(readMatrix(warehouse, `SELECT 'x' AS word`)).rejects.toThrow(
    /column "word" of the query is not of numbers/,
  );
  await expect(readMatrix(warehouse, 'SELECT 1 AS a', {}, { key: 'id' })).rejects.toThrow(
    /no column "id"; it has a/,
  );
});
