import type { Json, SavedArray, SavedReader } from '../../saved.ts';
import type { Forest } from '../forest.ts';

/** Part of what a model of trees saves: to be spread into its `values` and `arrays`. */
export interface SavedForest {
  values: Readonly<Record<'width' | 'outputs', Json>>;
  arrays: Readonly<Record<string, SavedArray>>;
}

/** @example const { values, arrays } = saveForest(forest); // forestFrom(reader) reads them back */
export function saveForest({ width, outputs, ...arrays }: Forest): SavedForest {
  return { values: { width, outputs }, arrays };
}

/**
 * The forest that `saveForest` gave, sound: every walk down it ends, at a leaf with values, and reads no column, set or
 * output that is not there. `columns` is how many columns the model has.
 *
 * @throws MlError `ml.bad_model` naming the array that is not as it must be
 */
export function forestFrom(reader: SavedReader, columns: number): Forest {
  const feature = reader.typed('feature', 'i32');
  const nodes = feature.length;
  const roots = reader.typed('roots', 'u32');
  const width = reader.number('width');
  if (!Number.isInteger(width) || width < 1) throw reader.bad('width');
  const forest: Forest = {
    roots,
    output: reader.typed('output', 'u32', roots.length),
    width,
    outputs: reader.number('outputs'),
    feature,
    threshold: reader.typed('threshold', 'f32', nodes),
    set: reader.typed('set', 'i32', nodes),
    sets: reader.typed('sets', 'u32'),
    setWords: reader.typed('setWords', 'u32', columns),
    left: reader.typed('left', 'i32', nodes),
    right: reader.typed('right', 'i32', nodes),
    missingLeft: reader.typed('missingLeft', 'u8', nodes),
    value: reader.typed('value', 'f64', nodes * width),
    cover: reader.typed('cover', 'f64', nodes),
  };
  const unsound = faultOf(forest);
  if (unsound) throw reader.bad(unsound);
  return forest;
}

/** The array in which a forest is not sound. */
function faultOf(forest: Forest): keyof Forest | undefined {
  const { roots, output, outputs, width, feature } = forest;
  if (!(Number.isInteger(outputs) && outputs >= 1)) return 'outputs';
  if (output.some(first => first + width > outputs)) return 'output';
  const ends = [...roots.subarray(1), feature.length];
  if (roots.length === 0 ? feature.length > 0 : roots[0] !== 0) return 'roots';
  if (ends.some((end, tree) => roots.length > 0 && end <= roots[tree])) return 'roots';
  if (forest.cover.some(cover => cover < 0)) return 'cover';
  return nodeFault(forest) ?? linkFault(forest, ends);
}

function nodeFault({ feature, set, sets, setWords, missingLeft }: Forest): keyof Forest | undefined {
  for (let node = 0; node < feature.length; node++) {
    if (feature[node] < -1 || feature[node] >= setWords.length) return 'feature';
    if (missingLeft[node] > 1) return 'missingLeft';
    const words = feature[node] < 0 ? 0 : setWords[feature[node]];
    if (set[node] < -1 || set[node] >= 0 !== words > 0 || set[node] + words > sets.length) return 'set';
  }
  return undefined;
}

/** Children come after their parent, in the same tree; every node but a root has one parent. */
function linkFault(
  { roots, feature, left, right }: Forest,
  ends: readonly number[],
): keyof Forest | undefined {
  const parents = new Uint8Array(feature.length);
  for (let tree = 0; tree < roots.length; tree++) {
    parents[roots[tree]] = 1;
    for (let node = roots[tree]; node < ends[tree]; node++) {
      if (feature[node] < 0) continue;
      for (const [side, child] of [['left', left[node]] as const, ['right', right[node]] as const]) {
        if (child <= node || child >= ends[tree] || parents[child] > 0) return side;
        parents[child] = 1;
      }
    }
  }
  return parents.every(count => count === 1) ? undefined : 'left';
}
