import { api } from '@bellwether/contracts';
import { withServer, runningServer } from '../connect.ts';
import type { Context } from '../context.ts';
import { table } from '../output.ts';

export async function statusCommand(context: Context): Promise<void> {
  const { settings } = context.read();
  const running = await runningServer(settings);
  await withServer(context, async client => {
    const [status, overview] = await Promise.all([
      client.call(api.system.status),
      client.call(api.system.overview),
    ]);
    const where = running === undefined ? 'not running (started for this question only)' : running.url;
    context.output.tell(
      'status',
      { url: running?.url ?? null, ...status, stages: overview.stages },
      ...table([
        ['server', where],
        ['version', status.version],
        ['data folder', status.data_folder],
        ...status.engines.map(({ name, state, detail }) => [
          name,
          [state, detail].filter(Boolean).join(', '),
        ]),
        ['journal', `${status.journal.waiting_events} events waiting`],
        ...overview.stages.map(({ stage, state, figures }) => [
          stage,
          [state, figureWords(figures)].filter(Boolean).join(': '),
        ]),
      ]).map(line => line.replace(/^(\S+(?: \S+)?)\s+/, (_, name: string) => `${name.padEnd(13)}`)),
      ...status.warnings.map(warning => `warning: ${warning}`),
    );
  });
}

function figureWords(figures: Readonly<Record<string, number>>): string {
  return Object.entries(figures)
    .map(([name, value]) => `${name} ${Number.isInteger(value) ? value : value.toFixed(3)}`)
    .join(', ');
}
