// Fails when a package imports what ARCHITECTURE.md does not let it import, or reaches into another
// package's files, or when a stage of the pipeline looks to its right.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';

const ARROWS = {
  contracts: [],
  ml: [],
  simulator: ['contracts'],
  warehouse: ['contracts'],
  records: ['contracts'],
  engines: ['contracts'],
  privacy: ['contracts', 'warehouse', 'records'],
  pipeline: ['contracts', 'ml', 'warehouse', 'records', 'privacy'],
  scenarios: ['contracts', 'ml', 'warehouse', 'records', 'pipeline'],
  engagement: ['contracts', 'warehouse', 'records', 'privacy', 'ml'],
  sdk: ['contracts'],
  console: ['contracts', 'sdk'],
  server: [
    'contracts',
    'ml',
    'warehouse',
    'records',
    'privacy',
    'pipeline',
    'scenarios',
    'engagement',
    'engines',
    'simulator',
  ],
  cli: ['contracts', 'sdk', 'server'],
};
const STAGES = [
  'collection',
  'preparation',
  'features',
  'training',
  'prediction',
  'evaluation',
  'optimisation',
];
const SKIP = new Set(['node_modules', 'dist', 'kernels']);
const IMPORT = /(?:\bfrom\s+|\bimport\s*\(\s*|\bimport\s+)(['"])([^'"]+)\1/g;

const root = resolve(import.meta.dirname ?? dirname(new URL(import.meta.url).pathname), '..');

/** Every source file below a folder. */
function* sources(folder) {
  for (const name of readdirSync(folder)) {
    if (SKIP.has(name)) continue;
    const path = join(folder, name);
    if (statSync(path).isDirectory()) yield* sources(path);
    else if (/\.(ts|tsx|mts|mjs)$/.test(name)) yield path;
  }
}

/** What is wrong with one import, or nothing. */
function fault(owner, file, target) {
  const isTest = /\.test(-support)?\.tsx?$/.test(file);
  if (target.startsWith('@bellwether/')) {
    const [, name, ...deep] = target.split('/');
    if (deep.length > 0) return `reaches into ${target}: import @bellwether/${name}`;
    if (isTest || owner === 'testing' || name === owner) return undefined;
    return ARROWS[owner]?.includes(name) ? undefined : `${owner} may not import ${name}`;
  }
  if (!target.startsWith('.')) return undefined;
  const path = resolve(dirname(file), target);
  const home = join(root, 'packages', owner);
  if (path !== home && !path.startsWith(home + sep)) return `leaves its package: ${target}`;
  return stageFault(home, file, path) ?? scenarioFault(owner, home, file, path);
}

function stageFault(home, file, path) {
  const from = STAGES.indexOf(relative(join(home, 'src'), file).split(sep)[0]);
  const to = STAGES.indexOf(relative(join(home, 'src'), path).split(sep)[0]);
  return from >= 0 && to > from ? `${STAGES[from]} may not look right to ${STAGES[to]}` : undefined;
}

function scenarioFault(owner, home, file, path) {
  if (owner !== 'scenarios') return undefined;
  const [from, to] = [file, path].map(p => /^src[/\\]([^/\\]+)[/\\]/.exec(relative(home, p))?.[1]);
  return from && to && from !== to ? `scenario ${from} may not import scenario ${to}` : undefined;
}

const faults = [];
for (const owner of readdirSync(join(root, 'packages'))) {
  if (owner !== 'testing' && !(owner in ARROWS)) faults.push(`packages/${owner}: not in the table of arrows`);
  for (const file of sources(join(root, 'packages', owner))) {
    for (const [, , target] of readFileSync(file, 'utf8').matchAll(IMPORT)) {
      const what = fault(owner, file, target);
      if (what) faults.push(`${relative(root, file)}: ${what}`);
    }
  }
}
if (faults.length > 0) {
  console.error(faults.join('\n'));
  console.error(`${faults.length} arrows point the wrong way; ARCHITECTURE.md lists those that may exist.`);
  process.exit(1);
}
