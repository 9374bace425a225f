import { AppError } from '@bellwether/contracts';
import { DemoClock, demoStart, type Settings } from '@bellwether/server';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Stands in the folder of a demo whose history was played to its end. */
const PLAYED = 'demo-played';
/** Stands in every folder that a demo made, so that no other is ever thrown away. */
const BEGUN = 'demo-begun';

/** The demo's folder, beside the real one's, and its shop. */
export function demoFolder({ data }: Settings) {
  return {
    data: `${data}-demo`,
    shopName: 'The demo market',
    shopUrl: 'https://shop.example/',
  };
}

/**
 * Whether the demo is there already; what was cut off in the middle is thrown away and played again.
 *
 * @throws AppError `demo.not_ours` when the folder holds something else, which is left as it is
 */
export function openDemo({ data }: Settings): { played: boolean; clock: { clock?: DemoClock } } {
  if (existsSync(join(data, PLAYED))) return { played: true, clock: {} };
  if (existsSync(data) && readdirSync(data).length > 0 && !existsSync(join(data, BEGUN)))
    throw new AppError(
      'demo.not_ours',
      `${data} is not a folder of the demo market; move it, or choose another with BELLWETHER_DATA`,
    );
  rmSync(data, { recursive: true, force: true });
  mkdirSync(data, { recursive: true, mode: 0o700 });
  writeFileSync(join(data, BEGUN), '');
  return { played: false, clock: { clock: new DemoClock(demoStart(Date.now())) } };
}

export function finishDemo({ data }: Settings): void {
  writeFileSync(join(data, PLAYED), new Date().toISOString());
}
