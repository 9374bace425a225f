import type { Team } from '../../runtime/team.ts';
import type { PointwiseLoss } from './loss.ts';
import { scaleFor, type Scale } from './rules.ts';

/** Where each row stands: arrays in the team's memory, with room up to the next multiple of four rows. */
export interface Standing {
  rows: number;
  /** Of each output in turn, `pitch` rows each. */
  scores: Float32Array;
  pitch: number;
  target: Float32Array;
  weights: Float32Array | undefined;
}

/** Tells slope and curvature of the loss at each row's scores. */
export interface Gradients {
  /** Before the first tree of a round. */
  begin(): void;
  /** Leaves curvature and slope of one output in `pairs`, packed; their scale. */
  write(output: number, pairs: Float32Array): Scale;
}

const GRAIN = 16_384;

export function pointwiseGradients(
  team: Team,
  at: Standing,
  { kernel, parameter }: PointwiseLoss,
): Gradients {
  const sums = sumsFor(team, at.rows);
  return {
    begin: () => undefined,
    write: (_, pairs) => {
      const told = [at.scores, at.target, at.weights ?? 0, pairs, sums, parameter] as const;
      team.run(kernel, at.rows, GRAIN, ...told);
      return packed(team, at.rows, pairs, sums);
    },
  };
}

/** One tree for each class, all from the probabilities at the start of the round. */
export function softmaxGradients(team: Team, at: Standing, classes: number): Gradients {
  const sums = sumsFor(team, at.rows);
  const probabilities = team.f32(at.pitch * classes);
  return {
    begin: () => team.run('softmax', at.rows, GRAIN, at.scores, classes, at.pitch, probabilities),
    write: (output, pairs) => {
      const own = probabilities.byteOffset + output * at.pitch * 4;
      // the diagonal alone is too little where classes pull at each other (Friedman 2001, section 4.6)
      const told = [at.target, at.weights ?? 0, pairs, sums, output, classes / (classes - 1)] as const;
      team.run('softmaxGradients', at.rows, GRAIN, own, ...told);
      return packed(team, at.rows, pairs, sums);
    },
  };
}

function sumsFor(team: Team, rows: number): Float64Array {
  return team.f64(2 * Math.ceil(rows / GRAIN));
}

/** Pairs to whole numbers, as finely as their sums allow. @param sums of the sizes of slopes and curvatures, by block */
export function packed(team: Team, rows: number, pairs: Float32Array, sums: Float64Array): Scale {
  let [slopes, curvatures] = [0, 0];
  for (let i = 0; i < sums.length; i += 2) {
    slopes += sums[i];
    curvatures += sums[i + 1];
  }
  const scale = scaleFor(rows, slopes, curvatures);
  team.run('pack', rows, GRAIN, pairs, scale.slope, scale.curvature);
  return scale;
}
