import type { Team } from '../runtime/team.ts';

/** How many there are of what, and how it lies in memory; see kernels/lib/nearest.ts. */
export interface Shape {
  rows: number;
  columns: number;
  /** f32 values from one row to the next. */
  stride: number;
  /** Centres. */
  count: number;
  /** Places for centres in a column of them: a multiple of 4. */
  places: number;
}

/** Centres where kernels read them. */
export interface Centres {
  readonly byRow: Float32Array;
  readonly turned: Float32Array;
}

/** What fills places without a centre: its square is beyond any distance of data, and finite. */
const FAR = 1e18;

export function shapeOf(rows: number, columns: number, count: number): Shape {
  return { rows, columns, stride: (columns + 3) & ~3, count, places: (count + 3) & ~3 };
}

export function centresIn(team: Team, { columns, stride, count, places }: Shape): Centres {
  return { byRow: team.f32(count * stride), turned: team.f32(Math.max(1, columns) * places).fill(FAR) };
}

/** @param values centres x columns, by row */
export function place({ byRow, turned }: Centres, values: Float64Array, shape: Shape): void {
  const { columns, stride, count, places } = shape;
  for (let c = 0; c < count; c++)
    for (let j = 0; j < columns; j++) {
      byRow[c * stride + j] = values[c * columns + j];
      turned[j * places + c] = values[c * columns + j];
    }
}

/** Rows to a block where it keeps sums of every centre: few enough blocks that these fit into 32 MB. */
export function grainFor({ rows, stride, count }: Shape): number {
  const most = Math.max(8, Math.min(256, Math.floor(2 ** 25 / (8 * count * (stride + 2)))));
  return Math.max(2048, (Math.ceil(rows / most) + 3) & ~3);
}
