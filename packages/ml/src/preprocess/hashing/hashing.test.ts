import { expect, test } from 'vitest';
import { oracle } from '../../linear/sparse/oracle.testing.ts';
import { decode, encode } from '../../saved.ts';
import { tableOf } from '../../table.ts';
import { hashing, loadHashing } from './hashing.ts';
import { murmur3, murmur3OfWords } from './murmur.ts';

test('hashes are those of scikit-learn, whatever the length and the seed', () => {
  for (const { text, seed, hash } of oracle.hashes)
    expect(murmur3(new TextEncoder().encode(text), seed)).toBe(hash);
});

test('hashes are those that Appleby published for SMHasher', () => {
  expect(murmur3(new Uint8Array(), 1)).toBe(0x514e28b7);
  expect(murmur3(Uint8Array.of(0xff, 0xff, 0xff, 0xff))).toBe(0x76293b50);
  expect(murmur3(Uint8Array.of(0x21, 0x43, 0x65, 0x87), 0x5082edee)).toBe(0x2362f9de);
  expect(murmur3(Uint8Array.of(0x21, 0x43, 0x65))).toBe(0x7e4a8634);
});

test('the hash of words is that of their bytes', () => {
  const words = Uint32Array.of(1, 0xdeadbeef, 7);
  expect(murmur3OfWords(words, 5)).toBe(murmur3(new Uint8Array(words.buffer), 5));
});

test('places and signs of a column of words are those of FeatureHasher', () => {
  const { cities, places, values } = oracle.hasher;
  const table = tableOf({ city: cities });
  const rows = hashing({ width: 64, signed: true }).fit(table).transform(table);
  expect([...rows.indices]).toEqual(places);
  expect([...(rows.values ?? [])]).toEqual(values);
});

test('numbers fall into bins, missing ones apart, and a cross is the combination', () => {
  const age = Float32Array.of(10, 20, 30, 40, NaN, 10);
  const city = ['a', 'a', 'b', 'b', null, 'a'];
  const table = tableOf({ age, city });
  const fitted = hashing({ width: 1 << 20, bins: 2, crosses: [['age', 'city']] }).fit(table);
  const { indices, values, offsets } = fitted.transform(table);
  const row = (i: number) => [...indices.subarray(3 * i, 3 * i + 3)];
  expect([...offsets]).toEqual([0, 3, 6, 9, 12, 15, 18]);
  expect(values).toBeUndefined();
  expect(row(0)).toEqual(row(5));
  expect(row(2)).toEqual(row(3));
  expect(new Set([row(0)[2], row(2)[2], row(4)[2]]).size).toBe(3);
  expect(new Set([row(0)[0], row(2)[0], row(4)[0]]).size).toBe(3);
  expect(fitted.sources).toEqual([['age'], ['city'], ['age', 'city']]);
});

test('a number itself is kept where no bins are asked for', () => {
  const table = tableOf({ x: Float32Array.of(1.5, NaN, -2) });
  const { indices, values } = hashing({ bins: 0 }).fit(table).transform(table);
  expect([...(values ?? [])]).toEqual([1.5, 1, -2]);
  expect(indices[0]).toBe(indices[2]);
  expect(indices[1]).not.toBe(indices[0]);
});

test('a word is hashed the same in a table with another dictionary, and after saving', () => {
  const learned = tableOf({ x: Float32Array.of(1, 2, 3), city: ['Lyon', 'Nice', 'Paris'] });
  const fitted = hashing({ crosses: [['x', 'city']] }).fit(learned);
  const other = tableOf({ city: ['Paris', 'Ulm'], x: Float32Array.of(3, 1) });
  const loaded = loadHashing(decode(encode(fitted.save())));
  expect(fitted.transform(other).indices.slice(0, 3)).toEqual(fitted.transform(learned).indices.slice(6, 9));
  expect(loaded.transform(other)).toEqual(fitted.transform(other));
});

test('what cannot be hashed is refused by its name', () => {
  const table = tableOf({ x: Float32Array.of(1, Infinity) });
  expect(() => hashing().fit(table)).toThrow('row 1 of column "x" is Infinity');
  expect(() => hashing({ crosses: [['x', 'y']] }).fit(tableOf({ x: Float32Array.of(1) }))).toThrow(
    /no column y/,
  );
  expect(() => hashing({ width: 0 })).toThrow(/width must be/);
  const fitted = hashing().fit(tableOf({ x: Float32Array.of(1) }));
  expect(() => fitted.transform(tableOf({ x: ['a'] }))).toThrow('column "x" has categories');
  const crossed = hashing({ bins: 0, crosses: [['x', 'z']] });
  expect(() => crossed.fit(tableOf({ x: Float32Array.of(1), z: ['a'] }))).toThrow(/bins must be above 0/);
});
