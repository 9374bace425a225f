import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';

/**
 * Builds the console into a folder of the test's own, as `npm run build` does; or for development, where React says
 * what it thinks of the page.
 */
export async function buildConsole(mode: 'production' | 'development'): Promise<string> {
  const outDir = mkdtempSync(join(tmpdir(), 'bellwether-console-'));
  const root = resolve(import.meta.dirname, '../..');
  const before = process.env['NODE_ENV'];
  process.env['NODE_ENV'] = mode;
  await build({ root, mode, configFile: join(root, 'vite.config.ts'), logLevel: 'error', build: { outDir } });
  process.env['NODE_ENV'] = before;
  return outDir;
}

/** One chunk, as Vite's manifest has it. */
interface Chunk {
  file: string;
  isEntry?: boolean;
  imports?: string[];
  dynamicImports?: string[];
  css?: string[];
}
export type Manifest = Record<string, Chunk>;

export const manifestOf = (folder: string): Manifest =>
  // written by Vite a moment ago
  JSON.parse(readFileSync(join(folder, '.vite/manifest.json'), 'utf8')) as Manifest;

/** The files that a chunk cannot start without. */
export function filesOf(manifest: Manifest, name: string, seen = new Set<string>()): Set<string> {
  const chunk = manifest[name];
  if (chunk === undefined || seen.has(chunk.file)) return seen;
  seen.add(chunk.file);
  for (const style of chunk.css ?? []) seen.add(style);
  for (const other of chunk.imports ?? []) filesOf(manifest, other, seen);
  return seen;
}

/** Bytes of these files as they travel, gzipped. */
export const gzipped = (folder: string, files: Iterable<string>): number =>
  [...files].reduce((sum, file) => sum + gzipSync(readFileSync(join(folder, file))).length, 0);
