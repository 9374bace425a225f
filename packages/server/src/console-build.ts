import { AppError } from '@bellwether/contracts';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from './settings.ts';

const CONSOLE = join(ROOT, 'packages/console');
const DIST = join(CONSOLE, 'dist');
const STAMP = join(DIST, '.built-from');
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
  const built = existsSync(STAMP) ? await readFile(STAMP, 'utf8') : '';
  if (built !== hash) {
    await build();
    await writeFile(STAMP, hash);
  }
  return DIST;
}

/** In a process of its own, so that a build does not hold up what starts beside it. */
async function build(): Promise<void> {
  const vite = join(ROOT, 'node_modules/vite/bin/vite.js');
  const child = spawn(process.execPath, [vite, 'build', '--logLevel', 'warn'], {
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
