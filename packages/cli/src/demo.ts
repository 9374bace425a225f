import { DemoClock, demoStart, type Settings } from '@bellwether/server';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Stands in the folder of a demo whose history was played to its end. */
const PLAYED = 'demo-played';

/** The demo's folder, beside the real one's, and its shop. */
export function demoFolder({ data }: Settings) {
  return {
    data: `${data}-demo`,
    shopName: 'The demo market',
    shopUrl: 'https://shop.example/',
  };
}

/** Whether the demo is there already; what was cut off in the middle is thrown away and played again. */
export function openDemo({ data }: Settings): { played: boolean; clock: { clock?: DemoClock } } {
  if (existsSync(join(data, PLAYED))) return { played: true, clock: {} };
  rmSync(data, { recursive: true, force: true });
  mkdirSync(data, { recursive: true, mode: 0o700 });
  return { played: false, clock: { clock: new DemoClock(demoStart(Date.now())) } };
}

export function finishDemo({ data }: Settings): void {
  writeFileSync(join(data, PLAYED), new Date().toISOString());
}
