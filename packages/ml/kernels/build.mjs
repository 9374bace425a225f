// Compiles the kernels: node kernels/build.mjs [FAMILY …]   (all of them where none is named)
//
// A family is one file of this folder. Its module goes to build/FAMILY-HASH.wasm, where the hash is that of every
// source and of the compiler, so that what is loaded is always what was read. AssemblyScript's decorator is written as
// a comment of its own line (`// @inline`), so that the sources stay plain TypeScript to every other tool.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const BUILD = join(HERE, 'build');
const OPTIONS = [
  ...['-O3', '--noAssert', '--runtime', 'stub', '--use', 'abort='],
  ...['--enable', 'simd', '--enable', 'threads', '--enable', 'bulk-memory'],
  ...['--importMemory', '--sharedMemory', '--initialMemory', '16', '--maximumMemory', '65536'],
];

/** Names of all families. */
export function families() {
  return readdirSync(HERE)
    .filter(file => file.endsWith('.ts'))
    .map(file => file.slice(0, -3));
}

/** Where the module of a family belongs as its sources are now. */
export function moduleFile(family) {
  const hash = createHash('sha256').update(OPTIONS.join(' ')).update(compilerVersion());
  for (const file of [`${family}.ts`, ...libraries()])
    hash.update(file).update(readFileSync(join(HERE, file)));
  return join(BUILD, `${family}-${hash.digest('hex').slice(0, 16)}.wasm`);
}

function libraries() {
  return readdirSync(join(HERE, 'lib'))
    .filter(file => file.endsWith('.ts'))
    .sort()
    .map(file => join('lib', file));
}

function compilerVersion() {
  return createRequire(import.meta.url)('assemblyscript/package.json').version;
}

/** Compiles one family unless its module is there. */
async function build(family) {
  const target = moduleFile(family);
  if (existsSync(target)) return;
  const { default: asc } = await import('assemblyscript/asc');
  const written = new Map();
  const { error, stderr } = await asc.main([`${family}.ts`, '-o', 'out.wasm', ...OPTIONS], {
    readFile: (name, base) => source(join(base, name)),
    writeFile: (name, contents) => void written.set(name, contents),
    listFiles: () => [],
  });
  if (error) throw new Error(`the kernels of "${family}" do not compile:\n${stderr.toString()}`);
  const module = written.get('out.wasm');
  if (hasData(module))
    throw new Error(`the kernels of "${family}" keep static data, and memory passes from team to team`);
  mkdirSync(BUILD, { recursive: true });
  // written aside and renamed: whoever reads sees a whole module or none
  const aside = `${target}.${process.pid}`;
  writeFileSync(aside, module);
  renameSync(aside, target);
  for (const file of readdirSync(BUILD))
    if (file.startsWith(`${family}-`) && file.endsWith('.wasm') && join(BUILD, file) !== target)
      rmSync(join(BUILD, file), { force: true });
}

/** Whether a module would write into memory when it is instantiated (section 11 of the binary format). */
function hasData(bytes) {
  let at = 8;
  while (at < bytes.length) {
    const section = bytes[at++];
    let [size, shift, byte] = [0, 0, 0];
    do {
      byte = bytes[at++];
      size |= (byte & 0x7f) << shift;
      shift += 7;
    } while (byte & 0x80);
    if (section === 11) return true;
    at += size;
  }
  return false;
}

function source(path) {
  const file = join(HERE, path);
  return existsSync(file) ? readFileSync(file, 'utf8').replace(/^\/\/ @inline$/gm, '@inline') : null;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const named = process.argv.slice(2);
  for (const family of named.length > 0 ? named : families()) await build(family);
}
