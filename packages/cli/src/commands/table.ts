import {
  api,
  AppError,
  TableChoices,
  type FamilyTrial,
  type Leak,
  type TableCard,
  type TablePage,
  type TableVersion,
} from '@bellwether/contracts';
import { createClient, type Client } from '@bellwether/sdk';
import { startServer } from '@bellwether/server';
import { createWriteStream, openAsBlob } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { withServer } from '../connect.ts';
import type { Context } from '../context.ts';
import { estimate, figureLines } from '../figures.ts';
import { followJob } from '../jobs.ts';
import { table as columnsOf } from '../output.ts';
import { readable } from './import.ts';

/** What is said of a table on the command line. */
export interface TableOptions {
  target?: string;
  yes?: string;
  id?: string;
  time?: string;
  leaveOut?: string[];
  keep?: string[];
  folds?: string;
  gain?: string;
  cost?: string;
}

/** The scenario whose methods learn from tables. */
const LEARNS_FROM_TABLES = 'purchase-prediction';

/** `bellwether train purchase-prediction --table FILE --target COLUMN`: learns, prints what came of it, and keeps it. */
export async function trainOnTable(
  context: Context,
  scenario: string,
  file: string,
  options: TableOptions,
): Promise<void> {
  const choices = choicesOf(scenario, options);
  await readable(file);
  await withServer(context, client => learn(context, client, file, choices));
}

/** `bellwether evaluate purchase-prediction --data FILE --target COLUMN`: the same, in a folder that is thrown away. */
export async function evaluateTable(
  context: Context,
  scenario: string,
  file: string,
  options: TableOptions,
): Promise<void> {
  const choices = choicesOf(scenario, options);
  await readable(file);
  const folder = await mkdtemp(join(tmpdir(), 'bellwether-evaluate-'));
  try {
    const { settings } = context.read({ data: folder, port: 0 });
    const server = await startServer(settings, { worker: false });
    try {
      const key = server.installation.secrets.admin_key;
      await learn(context, createClient({ baseUrl: server.url, key }), file, choices);
    } finally {
      await server.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** `bellwether predict TABLE FILE --out FILE.csv`: every row of a file, told by the version in use. */
export async function predictFile(
  context: Context,
  id: string,
  file: string,
  { out }: { out: string },
): Promise<void> {
  await readable(file);
  await withServer(context, async client => {
    const { upload_id } = await client.uploadTable(basename(file), await openAsBlob(file));
    const { notes } = await client.call(api.tables.check, { params: { id }, body: { upload_id } });
    for (const note of notes) context.output.tell('note', { ...note }, note.en);
    const answer = await client.request(
      'GET',
      `/v1/tables/${encodeURIComponent(id)}/predictions/${upload_id}`,
    );
    if (answer.body === null) throw new AppError('client.bad_answer', 'the server sent no predictions');
    // the two declarations of one stream, of the web and of Node, differ in name only
    const body = Readable.fromWeb(answer.body as Parameters<typeof Readable.fromWeb>[0]);
    await pipeline(body, createWriteStream(out));
    await client.call(api.data.forgetUpload, { params: { id: upload_id } });
    context.output.tell(
      'predicted',
      { table: id, file, out },
      `${basename(file)}: every row told, in ${out}`,
    );
  });
}

/** @throws AppError `cli.usage` */
function choicesOf(scenario: string, options: TableOptions): TableChoices {
  if (scenario !== LEARNS_FROM_TABLES)
    throw new AppError('cli.usage', `${scenario} does not learn from a table; ${LEARNS_FROM_TABLES} does`);
  const { target, yes, id, time, leaveOut, keep, folds, gain, cost } = options;
  if (target === undefined)
    throw new AppError('cli.usage', 'name the column that is to be told: --target COLUMN');
  const value = gain === undefined ? null : { gain: Number(gain), cost: Number(cost ?? 0) };
  const parsed = TableChoices.safeParse({
    ...{ target, yes, id, time, leave_out: leaveOut, keep, value },
    folds: folds === undefined ? undefined : Number(folds),
  });
  if (parsed.success) return parsed.data;
  const [{ path, message }] = parsed.error.issues;
  throw new AppError('cli.usage', `--${path.join('.').replaceAll('_', '-')}: ${message}`);
}

async function learn(context: Context, client: Client, file: string, choices: TableChoices): Promise<void> {
  const { output } = context;
  const { upload_id } = await client.uploadTable(basename(file), await openAsBlob(file));
  const page = await client.call(api.tables.create, { body: { upload_id, choices } });
  output.tell('table', { id: page.id, rows: page.rows, overview: page.overview }, ...tableLines(page));
  if (page.faults[0] !== undefined) throw new AppError('table.not_ready', page.faults[0].en);
  output.tell('leaks', { leaks: page.leaks, left_out: page.left_out }, ...leakLines(page));
  const job = await client.call(api.tables.train, { params: { id: page.id } });
  const { result } = await followJob(context, client, job, 'train');
  const after = await client.call(api.tables.page, { params: { id: page.id } });
  const version = after.versions.find(one => one.version === result?.['version']) ?? after.versions[0];
  if (version === undefined) return;
  const { curves: _, ...card } = version.card;
  output.tell('figures', { table: page.id, ...version, card }, ...versionLines(page.id, version));
}

function tableLines({ file_name, rows, sampled, refused, overview, choices }: TablePage): string[] {
  const sample = sampled < rows ? `, of which ${sampled} drawn evenly are learned from` : '';
  const lines = [
    `${file_name}: ${rows} rows${sample}, ${overview.length} columns; ${refused.total} lines refused`,
    ...refused.reasons.map(({ reason, count }) => `  refused: ${count} ${reason}`),
    ...overview.flatMap(({ name, notes }) => notes.map(note => `  ${name}: ${note.en}`)),
  ];
  return choices.yes === undefined ? lines : [...lines, `Target: ${choices.target} = ${choices.yes}`];
}

function leakLines({ leaks, left_out, choices }: TablePage): string[] {
  const leaking = new Set(leaks.map(({ column }) => column));
  const plain = left_out.filter(({ column }) => !leaking.has(column));
  return [
    ...leaks.map(leak => leakLine(leak, choices.keep)),
    ...plain.map(({ column, why }) => `Left out: ${column}. ${why.en}`),
  ];
}

function leakLine({ column, verdict, evidence }: Leak, keep: readonly string[]): string {
  if (verdict === 'warning') return `Beware: ${column === '' ? '' : `${column}. `}${evidence.en}`;
  return keep.includes(column)
    ? `Leaks, kept all the same: ${column}. ${evidence.en}`
    : `Leaks, left out: ${column}. ${evidence.en} (--keep "${column}" puts it back)`;
}

function versionLines(id: string, { version, state, why, card }: TableVersion): string[] {
  return [
    '',
    ...crossLines(card),
    '',
    ...leaderboardLines(card.families),
    '',
    `Kept version ${version} (${state}): ${card.estimator}, tested on the last fold:`,
    ...figureLines(card.figures, card.baseline_name.en),
    '',
    `Reasons: ${card.features
      .slice(0, 6)
      .map(({ name, importance }) => `${name} (${importance.toFixed(1)} points)`)
      .join(', ')}`,
    `Threshold: ${card.threshold_why.en}`,
    ...card.limits.map(limit => `Limit: ${limit.en}`),
    why.en,
    `Table ${id}`,
  ];
}

const SPLITS: Record<TableCard['split'], string> = {
  random: 'at random with the same share of yes',
  time: 'by time, each judged by what came before it',
  groups: 'by whose rows they are',
};

function crossLines({ cross, split, prior }: TableCard): string[] {
  const figure = (value: number): string => value.toFixed(4);
  const four = (value: TableCard['cross']['auc']): string => estimate(value, figure);
  return [
    `Cross-validation in ${cross.folds} folds ${SPLITS[split]}; tuning, choice and calibration repeated in each:`,
    `  AUC                ${four(cross.auc)}   by fold ${cross.fold_auc.map(figure).join(' ')}`,
    `  logistic baseline  ${four(cross.baseline_auc)}`,
    `  calibration error  ${figure(cross.calibration_error)}`,
    `  log loss           ${figure(cross.log_loss)}, of the share alone ${figure(entropy(prior))}`,
    `  Brier score        ${figure(cross.brier)}`,
    `  ${cross.rows} rows, ${cross.positives} yes (${(100 * prior).toFixed(2)} %)`,
  ];
}

function entropy(share: number): number {
  return -(share * Math.log(share) + (1 - share) * Math.log(1 - share));
}

function leaderboardLines(leaderboard: readonly FamilyTrial[]): string[] {
  return [
    'Leaderboard, on rows held back inside the last fold:',
    ...columnsOf([
      ['', 'log loss', 'AUC', 'tried', ''],
      ...leaderboard.map(({ family, log_loss, auc, trials, chosen }) => [
        ...[`  ${family}`, estimate(log_loss, x => x.toFixed(4)), estimate(auc), String(trials)],
        chosen ? 'chosen' : '',
      ]),
    ]),
  ];
}
