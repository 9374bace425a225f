import { AppError } from '@bellwether/contracts';
import { createClient } from '@bellwether/sdk';
import { evaluateFiles, startServer, trainUntil } from '@bellwether/server';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Context } from '../context.ts';
import { estimate, figureLines } from '../figures.ts';
import { lifecycleLines } from '../lifecycle.ts';
import { importFile, readable, settle } from './import.ts';
import { orderLinesOf } from './purchase-log.ts';
import { evaluateCommand, tellVersion } from './scenario.ts';
import { runLoop } from './start.ts';

/**
 * Learns from files in a folder that is thrown away, and prints the figures; without files, those of the champion. With
 * `until`, one scenario learns from what came before that day and is tested on everything after it.
 */
export async function evaluate(
  context: Context,
  scenario: string,
  { data, until }: { data?: string[]; until?: string },
): Promise<void> {
  const moment = until === undefined ? undefined : dayOf(until);
  if (data === undefined) return evaluateCommand(context, scenario);
  for (const file of data) await readable(file);
  if (scenario === 'recommendation' && (await literature(context, data))) return;
  const folder = await mkdtemp(join(tmpdir(), 'bellwether-evaluate-'));
  try {
    const { settings } = context.read({ data: folder, port: 0 });
    const server = await startServer(settings, { worker: false });
    try {
      const client = createClient({ baseUrl: server.url, key: server.installation.secrets.admin_key });
      for (const file of data) await importFile(context, client, await orderLinesOf(file, folder));
      if (moment === undefined) return await runLoop(context, client);
      await settle(context, client);
      const version = await trainUntil(server.installation, scenario, moment);
      tellVersion(context, version);
      if (version.card.kind === 'lifecycle')
        context.output.tell('lifecycle', {}, ...lifecycleLines(version.card));
    } finally {
      await server.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Tells the figures on ratings of the literature; says whether the files are such. */
async function literature({ output, signal }: Context, files: readonly string[]): Promise<boolean> {
  const found = await evaluateFiles(files, { signal });
  if (found === undefined) return false;
  const { name, said, users, items, tested, figures, trials } = found;
  output.tell(
    'figures',
    { scenario: 'recommendation', ...found },
    `${name}: ${users} users, ${items} items, ${tested} users tested; ${said}`,
    '',
    ...figureLines(figures, 'popularity'),
    '',
    'What competed, inside the part that is learned from (nDCG@10):',
    ...trials.map(
      ({ name: method, parameters, ndcg_10, chosen }) =>
        `${chosen ? '* ' : '  '}${method} ${JSON.stringify(parameters)}: ${estimate(ndcg_10)}`,
    ),
  );
  return true;
}

/** Midnight UTC at which a day begins. */
function dayOf(text: string): number {
  const moment = Date.parse(`${text}T00:00:00Z`);
  if (/^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(moment)) return moment;
  throw new AppError('cli.usage', `--until ${text} is no day; it should be as in --until 2011-07-01`);
}
