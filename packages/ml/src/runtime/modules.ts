import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { moduleFile } from '../../kernels/build.mjs';
import { MlError } from '../errors.ts';

const BUILDER = fileURLToPath(new URL('../../kernels/build.mjs', import.meta.url));
const modules = new Map<string, WebAssembly.Module>();

/**
 * The compiled kernels of a family (a file of `kernels/`). Installing compiles all of them; where that was not done, the
 * first call does it, in a second or two.
 */
export function kernelModule(family: string): WebAssembly.Module {
  const known = modules.get(family);
  if (known) return known;
  const file = moduleFile(family);
  if (!existsSync(file)) compile(family);
  const module = new WebAssembly.Module(readFileSync(file));
  modules.set(family, module);
  return module;
}

/** In a process of its own: the compiler answers later, and a prediction cannot wait for a promise. */
function compile(family: string): void {
  try {
    execFileSync(process.execPath, [BUILDER, family], { stdio: ['ignore', 'ignore', 'pipe'] });
  } catch (error) {
    throw new MlError('ml.kernel', error instanceof Error ? error.message : String(error));
  }
}
