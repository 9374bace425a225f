import type { Forest } from '../forest.ts';
import type { TreesModel } from './models.ts';

/** What a leaf asks of one feature: of a number, above `above` and at most `atMost`; of a category, to be one of `oneOf`. */
export interface Condition {
  feature: string;
  above?: number | undefined;
  atMost?: number | undefined;
  oneOf?: readonly string[] | undefined;
  /** Whether a row without a value meets it. */
  missing: boolean;
}

/** A leaf in words-ready form: who meets all conditions is told `values`. */
export interface Rule {
  /** One to a feature, in the order in which the tree first asks for them. */
  conditions: Condition[];
  /** One value; of several classes, the probability of each. */
  values: number[];
  /** Share of the rows learned from that end here. */
  share: number;
}

/**
 * The leaves of one tree as rules, from left to right: each row meets exactly one. Of a forest, a tree's values are its
 * part of the sum.
 *
 * @example
 * rulesOf(await decisionTree({ maxDepth: 1 }).fit(table, target));
 * // [{ conditions: [{ feature: 'age', atMost: 30.5, missing: true }], values: [0.2], share: 0.6 },
 * //  { conditions: [{ feature: 'age', above: 30.5, missing: false }], values: [0.7], share: 0.4 }]
 */
export function rulesOf(model: TreesModel, tree = 0): Rule[] {
  const { forest } = model;
  const root = forest.roots[tree];
  const rules: Rule[] = [];
  const open: { node: number; met: ReadonlyMap<string, Condition> }[] = [{ node: root, met: new Map() }];
  for (let next = open.pop(); next; next = open.pop()) {
    const { node, met } = next;
    if (forest.feature[node] >= 0) {
      open.push({ node: forest.right[node], met: narrowed(model, node, met, false) });
      open.push({ node: forest.left[node], met: narrowed(model, node, met, true) });
    } else
      rules.push({
        conditions: [...met.values()],
        values: Array.from(forest.value.subarray(node * forest.width, (node + 1) * forest.width)),
        share: forest.cover[node] / forest.cover[root],
      });
  }
  return rules;
}

/** The conditions with one more question answered. */
function narrowed(
  { forest, features, dictionaries }: TreesModel,
  node: number,
  met: ReadonlyMap<string, Condition>,
  left: boolean,
): ReadonlyMap<string, Condition> {
  const feature = features[forest.feature[node]];
  const before: Condition = met.get(feature) ?? { feature, missing: true };
  const missing = before.missing && (forest.missingLeft[node] === 1) === left;
  const after = { ...before, missing };
  if (forest.set[node] >= 0) {
    const words = before.oneOf ?? dictionaries?.[feature] ?? [];
    const all = dictionaries?.[feature] ?? [];
    after.oneOf = words.filter(word => inSet(forest, node, all.indexOf(word)) === left);
  } else if (left) after.atMost = Math.min(before.atMost ?? Infinity, forest.threshold[node]);
  else after.above = Math.max(before.above ?? -Infinity, forest.threshold[node]);
  return new Map(met).set(feature, after);
}

function inSet({ set, sets }: Forest, node: number, code: number): boolean {
  return ((sets[set[node] + (code >>> 5)] >>> (code & 31)) & 1) === 1;
}
