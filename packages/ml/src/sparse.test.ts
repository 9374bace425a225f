import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkedSparse, sparseOf, sparseRowsAt, transposed, type SparseRows } from './sparse.ts';

const entries = fc.array(fc.tuple(fc.nat(6), fc.integer({ min: -9, max: 9 })), { maxLength: 5 });
const lists = fc.array(entries, { maxLength: 8 });

/** Rows by columns in full; entries of one place add up. */
function dense({ rows, width, offsets, indices, values }: SparseRows): number[][] {
  return Array.from({ length: rows }, (_, row) => {
    const full = new Array<number>(width).fill(0);
    for (let at = offsets[row]; at < offsets[row + 1]; at++) full[indices[at]] += values?.[at] ?? 1;
    return full;
  });
}

test('rows at positions are the rows themselves, in that order and as often', () => {
  fc.assert(
    fc.property(lists, fc.array(fc.nat(), { maxLength: 6 }), (given, picks) => {
      const sparse = sparseOf(7, given);
      const positions = given.length === 0 ? [] : picks.map(pick => pick % given.length);
      expect(dense(sparseRowsAt(sparse, positions))).toEqual(positions.map(row => dense(sparse)[row]));
    }),
  );
});

test('transposed twice is the same; once, columns are rows', () => {
  fc.assert(
    fc.property(lists, given => {
      const sparse = sparseOf(7, given);
      const turned = checkedSparse(transposed(sparse));
      expect(dense(transposed(turned))).toEqual(dense(sparse));
      expect(dense(turned)).toEqual(Array.from({ length: 7 }, (_, j) => dense(sparse).map(row => row[j])));
    }),
  );
});

test('what is no rows is refused, and where is said', () => {
  const sound = sparseOf(4, [[[1, 2]], [], [[3, 1]]]);
  expect(() => checkedSparse({ ...sound, width: 3 })).toThrow('entry 1 has the index 3; the rows are 3 wide');
  expect(() => checkedSparse({ ...sound, rows: 2 })).toThrow('4 offsets do not divide 2 entries into 2 rows');
  expect(() => checkedSparse({ ...sound, values: Float32Array.of(1) })).toThrow('1 values beside 2 indices');
  expect(() => checkedSparse({ ...sound, values: Float32Array.of(1, NaN) })).toThrow('entry 1 is NaN');
  expect(() => checkedSparse({ ...sound, offsets: Uint32Array.of(0, 2, 1, 2) })).toThrow('row 1 ends before');
  expect(() => checkedSparse({ ...sparseOf(1, [[]]), width: 0 })).not.toThrow();
});
