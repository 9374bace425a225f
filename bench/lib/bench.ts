/** One benchmark, `bench/NAME.ts`, which `npm run bench NAME` runs: `export const bench: Bench = { … }`. */
export interface Bench {
  /** What is measured, against whom, in one line. */
  title: string;
  run(report: Report): Promise<void>;
}

/** Takes a figure as soon as it is known. */
export type Report = (figure: Figure) => void;

export interface Figure {
  work: string;
  /** In `unit`. A unit that ends in `/s` is a rate, where more is better; of anything else less is better. */
  ours: number;
  /** The same work done by the peer in the same run. */
  peer?: number;
  unit: string;
  /** What makes the two comparable or the figure worth having: `AUC 0.71`, `exponent 1.02`, `same rows`. */
  quality?: string;
}

/** A figure as it is printed: `ratio` below 1 means that ours is ahead, for costs and for rates. */
export type PrintedFigure = Omit<Figure, 'peer' | 'quality'> & {
  peer: number | null;
  ratio: number | null;
  quality: string | null;
};

export function printed(figure: Figure): PrintedFigure {
  const { work, ours, peer, unit, quality } = figure;
  const isRate = unit.endsWith('/s');
  const ratio = peer === undefined ? null : isRate ? peer / ours : ours / peer;
  return { work, ours, peer: peer ?? null, ratio, quality: quality ?? null, unit };
}
