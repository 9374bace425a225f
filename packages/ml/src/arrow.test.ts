import {
  Bool,
  DateMillisecond,
  Dictionary,
  Float16,
  Float32,
  Float64,
  Int32,
  Int64,
  tableFromIPC,
  tableToIPC,
  Table as ArrowTable,
  TimestampSecond,
  Utf8,
  vectorFromArray,
  type Vector,
} from 'apache-arrow';
import { expect, test } from 'vitest';
import { tableFromArrow } from './arrow.ts';

const one = (vector: Vector) => [...tableFromArrow([{ name: 'a', vector }]).columns[0]];

test('32-bit floats without nulls are used where they lie', () => {
  const vector = vectorFromArray([1.5, 2.5, 3.5], new Float32());
  const { columns, rows } = tableFromArrow([{ name: 'a', vector }]);
  expect(rows).toBe(3);
  expect([...columns[0]]).toEqual([1.5, 2.5, 3.5]);
  expect(columns[0].buffer).toBe(vector.data[0].values.buffer);
  const part = vector.slice(1);
  expect(one(part)).toEqual([2.5, 3.5]);
});

test('other numbers, booleans and moments become 32-bit floats, nulls NaN', () => {
  expect(one(vectorFromArray([1.5, null, 3], new Float32()))).toEqual([1.5, NaN, 3]);
  expect(one(vectorFromArray([0.5, null, -2], new Float64()))).toEqual([0.5, NaN, -2]);
  expect(one(vectorFromArray([0.5, -2, 65504], new Float16()))).toEqual([0.5, -2, 65504]);
  expect(one(vectorFromArray([7, -7, null], new Int32()))).toEqual([7, -7, NaN]);
  expect(one(vectorFromArray([7n, null, -9n], new Int64()))).toEqual([7, NaN, -9]);
  const truths = Array.from({ length: 19 }, (_, i) => (i % 5 === 4 ? null : i % 3 === 0));
  const expected = truths.map(truth => (truth === null ? NaN : Number(truth)));
  const vector = vectorFromArray(truths, new Bool());
  expect(one(vector)).toEqual(expected);
  expect(one(vector.slice(3, 17))).toEqual(expected.slice(3, 17));
  const moment = new Date(Date.UTC(2026, 0, 1));
  expect(one(vectorFromArray([moment], new DateMillisecond()))).toEqual([Math.fround(moment.getTime())]);
  expect(one(vectorFromArray([moment.getTime()], new TimestampSecond()))).toEqual([
    Math.fround(moment.getTime()),
  ]);
});

test('dictionaries become categories, in all chunks the same', () => {
  const type = () => new Dictionary(new Utf8(), new Int32());
  const chunks = [
    new ArrowTable({ city: vectorFromArray(['Lyon', null, 'Nice'], type()) }),
    new ArrowTable({ city: vectorFromArray(['Nice', 'Metz'], type()) }),
  ];
  const found = chunks.map(each => tableFromIPC(tableToIPC(each)).getChild('city'));
  const data = found.flatMap(vector => [...(vector?.data ?? [])]);
  const table = tableFromArrow([{ name: 'city', vector: { type: type(), data } }]);
  const words = [...table.columns[0]].map(code => table.dictionaries?.['city'][code] ?? null);
  expect(words).toEqual(['Lyon', null, 'Nice', 'Nice', 'Metz']);
  expect(table.dictionaries?.['city']).toHaveLength(3);
});

test('a table of several columns keeps its names; a type that is no number is refused by a sentence', () => {
  const arrow = new ArrowTable({
    age: vectorFromArray([31, 54], new Float32()),
    bought: vectorFromArray([true, false], new Bool()),
  });
  const columns = arrow.schema.names.map((name, at) => ({
    name: String(name),
    vector: arrow.getChildAt(at) as Vector, // of its own schema
  }));
  expect(tableFromArrow(columns)).toMatchObject({ names: ['age', 'bought'], rows: 2 });
  const vector = vectorFromArray(['plain words'], new Utf8());
  expect(() => tableFromArrow([{ name: 'note', vector }])).toThrow('column "note" is of Arrow\'s type Utf8');
  expect(tableFromArrow([]).rows).toBe(0);
});
