import { freshWarehouse } from '@bellwether/testing';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { bitsOf, estimate, probabilityOf, type FieldPrior, type Pattern } from './em.ts';
import { groupsOf, type Edge } from './groups.ts';
import { pinyinSql } from './pinyin.ts';

interface Oracle {
  pairs: number;
  start: number[][];
  u: number[][];
  patterns: Pattern[];
  share: number;
  m: number[][];
  jaro_winkler: [string, string, number][];
}
// written by oracles/em.py and by nothing else
const oracle = JSON.parse(readFileSync(new URL('oracles/em.json', import.meta.url), 'utf8')) as Oracle;

const sampled = (m: readonly number[], random: readonly number[]): FieldPrior => ({
  m,
  random,
  counted: m.map(() => undefined),
});
const fields = oracle.start.map((m, f) => sampled(m, oracle.u[f] ?? []));

describe('learning without labels', () => {
  test('comes to what a plain EM in numpy comes to, and near the truth that the pairs were made of', () => {
    const { share, m, u } = estimate(oracle.patterns, oracle.pairs, fields, {
      tolerance: 1e-12,
      limit: 5_000,
    });
    expect(share).toBeCloseTo(oracle.share, 6);
    for (const [f, levels] of oracle.m.entries())
      for (const [l, p] of levels.entries()) expect(m[f]?.[l]).toBeCloseTo(p, 4);
    expect(share).toBeGreaterThan(0.008);
    expect(share).toBeLessThan(0.012);
    expect(m[0]?.[0]).toBeCloseTo(0.9, 1);
    expect(u).toEqual(oracle.u);
  });

  test('does not depend on the order of the patterns', () => {
    const first = estimate(oracle.patterns, oracle.pairs, fields);
    fc.assert(
      fc.property(fc.shuffledSubarray(oracle.patterns, { minLength: oracle.patterns.length }), shuffled => {
        const again = estimate(shuffled, oracle.pairs, fields);
        expect(again.share).toBeCloseTo(first.share, 9);
        expect(again.m.flat().every((p, at) => Math.abs(p - (first.m.flat()[at] ?? 0)) < 1e-6)).toBe(true);
      }),
      { numRuns: 20 },
    );
  });

  test('takes matches off an agreement that strangers hardly ever show', () => {
    // 1000 customers, 100 pairs of one address; 90 of them agree on the name as well
    const pairs = (1000 * 999) / 2;
    const patterns = [
      { levels: [1, 1], pairs: 90 },
      { levels: [1, 2], pairs: 10 },
      { levels: [2, 1], pairs: 400 },
    ];
    const counted = { pairs: 100, of: pairs, floor: 1e-5, weight: 5_000 };
    const address: FieldPrior = { m: [0.8, 0.2], random: [0, 1], counted: [counted, undefined] };
    const { u, share } = estimate(patterns, pairs, [address, sampled([0.9, 0.1], [1e-3, 0.999])]);
    expect(u[0]?.[0]).toBeLessThan(100 / pairs / 5);
    expect(
      probabilityOf([1, 1], {
        m: [
          [0.8, 0.2],
          [0.9, 0.1],
        ],
        u,
        share,
      }),
    ).toBeGreaterThan(0.99);
  });

  test('finds nothing where nothing agrees, and says little of what is not told', () => {
    const { share, m, u } = estimate([], 4950, fields);
    expect(share).toBeGreaterThan(0);
    expect(bitsOf([0, 0, 0], { m, u })).toEqual([0, 0, 0]);
    for (const levels of m) expect(levels.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 9);
  });
});

test('ClickHouse tells the likeness of names as jellyfish does, and reads Chinese names in pinyin', async () => {
  const warehouse = await freshWarehouse();
  try {
    for (const [a, b, likeness] of oracle.jaro_winkler) {
      const row = await warehouse.one<{ s: number }>(
        'SELECT jaroWinklerSimilarity({a:String}, {b:String}) AS s',
        { a, b },
      );
      expect(row.s, `${a} ${b}`).toBeCloseTo(likeness, 5);
    }
    expect(await warehouse.one(`SELECT ${pinyinSql("'王小明'")} AS read`)).toEqual({ read: 'wangxiaoming' });
  } finally {
    await warehouse.close();
  }
});

describe('groups', () => {
  const id = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
  const edge = fc.record({ left: id, right: id, weight: fc.integer({ min: 1, max: 9 }) });
  const edges = fc
    .uniqueArray(edge, { maxLength: 12, selector: ({ left, right }) => [left, right].sort().join() })
    .map(all => all.filter(({ left, right }) => left !== right));

  test('hold only records each of which was proposed with each, whatever the order of the pairs', () => {
    fc.assert(
      fc.property(edges, fc.nat(), (all, turn) => {
        const groups = groupsOf(all);
        const members = membersOf(all, groups);
        for (const people of members.values())
          for (const one of people)
            for (const other of people) expect(one === other || isKnown(all, one, other)).toBe(true);
        const turned = [...all.slice(turn % (all.length || 1)), ...all.slice(0, turn % (all.length || 1))];
        const bridges = (some: readonly Edge[]): string[] =>
          some
            .filter((_, at) => groupsOf(some)[at]?.bridge)
            .map(({ left, right }) => `${left}${right}`)
            .sort();
        expect(bridges(turned)).toEqual(bridges(all));
      }),
    );
  });

  test('a chain is not a person: its weaker link is a bridge', () => {
    const chain = [
      { left: 'a', right: 'b', weight: 9 },
      { left: 'b', right: 'c', weight: 5 },
    ];
    expect(groupsOf(chain)).toEqual([
      { group: 0, size: 2, bridge: false },
      { group: 0, size: 2, bridge: true },
    ]);
  });

  const isKnown = (all: readonly Edge[], one: string, other: string): boolean =>
    all.some(({ left, right }) => (left === one && right === other) || (left === other && right === one));

  function membersOf(all: readonly Edge[], groups: ReturnType<typeof groupsOf>): Map<number, Set<string>> {
    const members = new Map<number, Set<string>>();
    for (const [at, { left, right }] of all.entries()) {
      const group = groups[at];
      if (group === undefined || group.bridge) continue;
      members.set(group.group, (members.get(group.group) ?? new Set()).add(left).add(right));
    }
    return members;
  }
});
