import { AppError } from '@bellwether/contracts';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from './settings.ts';

const CONSOLE = join(ROOT, 'packages/console');
const DIST = join(CONSOLE, 'dist');
/** On the same disk, where no tool looks. */
const ASIDE = join(ROOT, 'node_modules');
const STAMP = '.built-from';
/** What the build is made of. */
const SOURCES = ['packages/console', 'packages/contracts/src', 'packages/sdk/src', 'package-lock.json'];
const SKIPPED = new Set(['node_modules', 'dist', 'testing']);

/**
 * The folder of the console's build, which is made first when there is none or when its sources have changed since.
 *
 * @throws AppError `console.build_failed` with the end of what the build said
 */
export async function builtConsole(): Promise<string> {
  const hash = await hashOf(SOURCES.map(path => join(ROOT, path)));
  const stamp = join(DIST, STAMP);
  const built = existsSync(stamp) ? await readFile(stamp, 'utf8') : '';
  if (built !== hash) await replaceBuild(hash);
  return DIST;
}

/** Builds aside and swaps, so that a server that is running goes on serving whole pages. */
async function replaceBuild(hash: string): Promise<void> {
  const [next, last] = ['next', 'last'].map(name => join(ASIDE, `.console-${name}-${process.pid}`));
  try {
    await build(next);
    await writeFile(join(next, STAMP), hash);
    if (existsSync(DIST)) await rename(DIST, last);
    await rename(next, DIST);
  } finally {
    await Promise.all([next, last].map(folder => rm(folder, { recursive: true, force: true })));
  }
}

/** In a process of its own, so that a build does not hold up what starts beside it. */
async function build(folder: string): Promise<void> {
  const vite = join(ROOT, 'node_modules/vite/bin/vite.js');
  const child = spawn(process.execPath, [vite, 'build', '--logLevel', 'warn', '--outDir', folder], {
    cwd: CONSOLE,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_ENV: 'production' },
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-2000)));
  const code = await new Promise<number | null>((ended, failed) => {
    child.on('close', ended);
    child.on('error', failed);
  });
  if (code !== 0)
    throw new AppError('console.build_failed', `the console could not be built: ${said.trim()}`);
}

async function hashOf(paths: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const path of paths)
    for await (const file of filesOf(path)) hash.update(file).update(await readFile(file));
  return hash.digest('hex');
}

/** Every file below a path, in order. */
async function* filesOf(path: string): AsyncGenerator<string> {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => undefined);
  if (entries === undefined) {
    yield path;
    return;
  }
  for (const entry of entries.sort((a, b) => a.name.localeCompare(b.name)))
    if (!SKIPPED.has(entry.name)) yield* filesOf(join(path, entry.name));
}
