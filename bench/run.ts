// npm run bench                    the names of the benchmarks
// npm run bench NAME               runs bench/NAME.ts and prints a table
// npm run bench NAME -- --json     prints a line of JSON for each figure instead
import { existsSync, readdirSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { printed, type Bench, type PrintedFigure } from './lib/bench.ts';

const FOLDER = new URL('./', import.meta.url);

const { values, positionals } = parseArgs({ allowPositionals: true, options: { json: { type: 'boolean' } } });
const [name] = positionals;
if (name === undefined) await list();
else await run(name, values.json === true);

async function list(): Promise<void> {
  for (const each of names()) console.log(`${each.padEnd(14)} ${(await load(each)).title}`);
}

async function run(which: string, json: boolean): Promise<void> {
  if (!/^[\w-]+$/.test(which) || !existsSync(new URL(`${which}.ts`, FOLDER))) {
    console.error(`there is no benchmark "${which}"; there are: ${names().join(', ')}`);
    process.exitCode = 2;
    return;
  }
  const bench = await load(which);
  if (!json) console.log(`${bench.title}\n${row('work', 'ours', 'peer', 'ratio', 'unit', 'quality')}`);
  await bench.run(figure => console.log(json ? JSON.stringify(printed(figure)) : rowOf(printed(figure))));
}

function names(): string[] {
  return readdirSync(FOLDER)
    .filter(file => file.endsWith('.ts') && !file.endsWith('.test.ts') && file !== 'run.ts')
    .map(file => file.slice(0, -3))
    .sort();
}

async function load(which: string): Promise<Bench> {
  const module = (await import(new URL(`${which}.ts`, FOLDER).href)) as { bench: Bench };
  return module.bench;
}

function rowOf({ work, ours, peer, ratio, unit, quality }: PrintedFigure): string {
  return row(work, short(ours), short(peer), short(ratio), unit, quality ?? '');
}

function row(work: string, ours: string, peer: string, ratio: string, unit: string, quality: string): string {
  const figures = [ours, peer, ratio].map(text => text.padStart(11)).join(' ');
  return `${work.padEnd(52)} ${figures}  ${unit.padEnd(10)} ${quality}`.trimEnd();
}

/** Four significant digits, whole from 1000 on. */
function short(value: number | null): string {
  if (value === null) return '';
  return Math.abs(value) >= 1_000 ? Math.round(value).toString() : String(Number(value.toPrecision(4)));
}
