import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { endianness, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { median, seconds } from './measure.ts';

export type PeerArray = Float64Array | Float32Array | Int32Array | Uint32Array | Uint16Array | Uint8Array;

/** What one run cost, and how good its result was. */
export interface Run {
  /** Of the work alone; neither reading data nor judging the result. */
  seconds: number;
  /** User and system time of all threads. */
  cpu_seconds: number;
  /** Largest resident set of the process so far. */
  peak_rss_mb: number;
  /** Whatever else the run tells: an AUC, an accuracy. */
  [quality: string]: number;
}

export const NOT_AVAILABLE = 'not available';

/** A library in another process, which waits between its runs. */
export interface Peer {
  /** One run; or `not available` where the interpreter or one of its packages is missing. */
  run(parameters?: Readonly<Record<string, unknown>>): Promise<Run | typeof NOT_AVAILABLE>;
}

/** Values by row. */
export interface ShapedArray {
  values: PeerArray;
  shape: readonly number[];
}

export interface PeerOptions {
  /** By name; either flat, or with a shape (by row). */
  arrays: Readonly<Record<string, PeerArray | ShapedArray>>;
  /** As many as the peer's pools may use. */
  threads: number;
}

const TYPES = [
  [Float64Array, 'f64'],
  [Float32Array, 'f32'],
  [Int32Array, 'i32'],
  [Uint32Array, 'u32'],
  [Uint16Array, 'u16'],
  [Uint8Array, 'u8'],
] as const;

/**
 * Starts `bench/peers/SCRIPT.py` with these arrays, for as long as `use` takes. The interpreter is BENCH_PYTHON, or
 * `python3`. See `bench/peers/peer.py` for the other side.
 *
 * @example
 * await withPeer('linear', { arrays: { x: { values, shape: [rows, columns] }, y }, threads: 1 }, async peer => {
 *   const { ours, theirs } = await beside(5, () => ownRun(() => fit(x, y)), () => peer.run({ penalty: 1 }));
 * });
 */
export async function withPeer<T>(
  script: string,
  { arrays, threads }: PeerOptions,
  use: (peer: Peer) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'bellwether-peer-'));
  try {
    await writeArrays(folder, arrays);
    return await usePeer(start(script, folder, threads), use);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function writeArrays(folder: string, arrays: PeerOptions['arrays']): Promise<void> {
  if (endianness() !== 'LE') throw new Error('peers are given little-endian arrays; this machine has others');
  const shapes: Record<string, { type: string; shape: readonly number[] }> = {};
  for (const [name, given] of Object.entries(arrays)) {
    const { values, shape } = isShaped(given) ? given : { values: given, shape: [given.length] };
    const type = TYPES.find(([make]) => values instanceof make)?.[1] ?? '';
    shapes[name] = { type, shape };
    // a copy where the memory is shared, which files do not take
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    await writeFile(join(folder, `${name}.bin`), bytes.buffer instanceof ArrayBuffer ? bytes : bytes.slice());
  }
  await writeFile(join(folder, 'arrays.json'), JSON.stringify(shapes));
}

function isShaped(given: PeerArray | ShapedArray): given is ShapedArray {
  return 'shape' in given;
}

function start(script: string, folder: string, threads: number): ChildProcessWithoutNullStreams {
  const file = fileURLToPath(new URL(`../peers/${script}.py`, import.meta.url));
  const pools = ['OMP', 'OPENBLAS', 'MKL', 'NUMEXPR'].map(pool => [`${pool}_NUM_THREADS`, String(threads)]);
  return spawn(process.env['BENCH_PYTHON'] ?? 'python3', [file, folder], {
    env: {
      ...process.env,
      ...(Object.fromEntries(pools) as Record<string, string>), // pairs of a name and a text
      BENCH_THREADS: String(threads),
      // threads that wait must not take time from the other side
      OMP_WAIT_POLICY: 'passive',
    },
  });
}

async function usePeer<T>(
  child: ChildProcessWithoutNullStreams,
  use: (peer: Peer) => Promise<T>,
): Promise<T> {
  let complaint = '';
  child.stderr.on('data', (text: Buffer) => (complaint = (complaint + text.toString()).slice(-4000)));
  // the interpreter is missing: the line that is waited for never comes, and the exit tells
  child.on('error', () => (complaint = 'ENOENT'));
  child.stdin.on('error', () => undefined);
  const lines = createInterface(child.stdout);
  const answers = lines[Symbol.asyncIterator]();
  try {
    return await use({
      run: async (parameters = {}) => {
        child.stdin.write(`${JSON.stringify(parameters)}\n`);
        const answer = await answers.next();
        if (answer.done !== true) return JSON.parse(answer.value) as Run; // what peers/peer.py prints
        if (/ENOENT|ModuleNotFoundError|ImportError/.test(complaint)) return NOT_AVAILABLE;
        throw new Error(`the peer ended without an answer:\n${complaint}`);
      },
    });
  } finally {
    await end(child, lines);
  }
}

async function end(child: ChildProcessWithoutNullStreams, lines: Interface): Promise<void> {
  lines.close();
  if (child.pid === undefined || child.exitCode !== null) return;
  const gone = once(child, 'close');
  child.stdin.end();
  child.kill();
  await gone;
}

/** One run of ours: its cost, and the quality that `judge` finds in what `work` returns. */
export async function ownRun<T>(
  work: () => T | Promise<T>,
  judge: (result: T) => Readonly<Record<string, number>> = () => ({}),
): Promise<Run> {
  const before = process.cpuUsage();
  const results: T[] = [];
  const wall = await seconds(async () => {
    results.push(await work());
  });
  const { user, system } = process.cpuUsage(before);
  const quality = results.map(judge)[0];
  return {
    seconds: wall,
    cpu_seconds: (user + system) / 1e6,
    peak_rss_mb: process.resourceUsage().maxRSS / 1024,
    ...quality,
  };
}

/**
 * Ours and a peer's in turns, so that a busy moment of the machine falls on both; the median of each figure. One run of
 * both comes first and is not counted: code is compiled and caches fill in it.
 */
export async function beside(
  rounds: number,
  ours: () => Promise<Run>,
  theirs: () => Promise<Run | typeof NOT_AVAILABLE>,
): Promise<{ ours: Run; theirs: Run | typeof NOT_AVAILABLE }> {
  const [own, others]: [Run[], Run[]] = [[], []];
  for (let round = 0; round <= rounds; round++) {
    // every second round backwards: whoever goes first finds colder caches
    const works = round % 2 === 0 ? [ours, theirs] : [theirs, ours];
    for (const work of works) {
      const run = await work();
      if (round > 0 && run !== NOT_AVAILABLE) (work === ours ? own : others).push(run);
    }
  }
  return { ours: medians(own), theirs: others.length === 0 ? NOT_AVAILABLE : medians(others) };
}

/** The median of every figure that the runs tell. */
export function medians(runs: readonly Run[]): Run {
  const names = Object.keys(runs[0] ?? {});
  // the same names as each run has
  return Object.fromEntries(names.map(name => [name, median(runs.map(run => run[name]))])) as Run;
}
