import { MlError, required } from '../errors.ts';
import type { Rng } from '../random/rng.ts';

/** The values that one parameter may take. */
export type Dimension =
  | { readonly kind: 'uniform'; readonly low: number; readonly high: number }
  | { readonly kind: 'log'; readonly low: number; readonly high: number }
  | { readonly kind: 'whole'; readonly low: number; readonly high: number; readonly log: boolean }
  | { readonly kind: 'choice'; readonly values: readonly Value[] };

export type Value = number | string | boolean | null;

/** What is searched: each parameter by its name. */
export type Space = Readonly<Record<string, Dimension>>;
export type Point = Readonly<Record<string, Value>>;

/** Any number between the two, each as likely. */
export function uniform(low: number, high: number): Dimension {
  required(Number.isFinite(low) && low < high, 'low', 'below high', `${low} to ${high}`);
  return { kind: 'uniform', low, high };
}

/** Any number between the two, each order of magnitude as likely: penalties, learning rates. */
export function logUniform(low: number, high: number): Dimension {
  required(low > 0 && low < high, 'low', 'above 0 and below high', `${low} to ${high}`);
  return { kind: 'log', low, high };
}

/** A whole number from `low` to `high`, both included. */
export function whole(low: number, high: number, { log = false } = {}): Dimension {
  const sound = Number.isInteger(low) && Number.isInteger(high) && low < high && (!log || low > 0);
  required(sound, 'low', 'a whole number below high', `${low} to ${high}`);
  return { kind: 'whole', low, high, log };
}

/** One of these. */
export function choice(...values: Value[]): Dimension {
  required(values.length > 0, 'values', 'one or more', 'none');
  return { kind: 'choice', values };
}

/** Every combination of the choices. @throws MlError `ml.bad_parameter` where a dimension is no choice */
export function gridOf(space: Space): Point[] {
  return Object.entries(space).reduce<Point[]>(
    (points, [name, dimension]) => {
      if (dimension.kind !== 'choice')
        throw new MlError('ml.bad_parameter', `"${name}" must be a choice to be searched by a grid`);
      return points.flatMap(point => dimension.values.map(value => ({ ...point, [name]: value })));
    },
    [{}],
  );
}

export function drawn(space: Space, rng: Rng): Point {
  return Object.fromEntries(
    Object.entries(space).map(([name, dimension]) => [name, valueAt(dimension, rng.uniform())]),
  );
}

/** The value of a dimension at a place between 0 and 1: along it, or along the list of choices. */
export function valueAt(dimension: Dimension, place: number): Value {
  if (dimension.kind === 'choice')
    return dimension.values[
      Math.min(dimension.values.length - 1, Math.floor(place * dimension.values.length))
    ];
  const { low, high } = dimension;
  if (dimension.kind === 'uniform') return low + (high - low) * place;
  if (dimension.kind === 'log') return low * (high / low) ** place;
  // half a step to either side, so that the ends are as likely as the rest
  const [from, to] = [low - 0.5, high + 0.5];
  const at = dimension.log ? from * (to / from) ** place : from + (to - from) * place;
  return Math.min(high, Math.max(low, Math.round(at)));
}

/** Where a value lies between 0 and 1: the inverse of `valueAt` for numbers. */
export function placeOf(dimension: Exclude<Dimension, { kind: 'choice' }>, value: number): number {
  const { low, high } = dimension;
  if (dimension.kind === 'uniform') return (value - low) / (high - low);
  if (dimension.kind === 'log') return Math.log(value / low) / Math.log(high / low);
  const [from, to] = [low - 0.5, high + 0.5];
  return dimension.log ? Math.log(value / from) / Math.log(to / from) : (value - from) / (to - from);
}
