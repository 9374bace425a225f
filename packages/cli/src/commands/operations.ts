import {
  api,
  AppError,
  type Comparison,
  type Schedule,
  type ScenarioRun,
  type ScheduleState,
} from '@bellwether/contracts';
import { withServer } from '../connect.ts';
import type { Context } from '../context.ts';
import { estimate, WRITE } from '../figures.ts';
import { table } from '../output.ts';

/** What a scenario did, the newest first. */
export async function runsCommand(
  context: Context,
  name: string,
  options: { limit?: string },
): Promise<void> {
  await withServer(context, async client => {
    const query = { limit: options.limit ?? 20 };
    const runs = await client.call(api.operations.runs, { params: { name }, query });
    context.output.tell('runs', { scenario: name, runs }, ...runLines(runs));
  });
}

function runLines(runs: readonly ScenarioRun[]): string[] {
  if (runs.length === 0) return ['Nothing was run yet.'];
  const counts = (of: Record<string, number>): string =>
    Object.entries(of)
      .map(([name, n]) => `${name} ${n}`)
      .join(', ');
  return table([
    ['begun', 'what', 'why', 'state', 'version', 'wrote'],
    ...runs.map(({ started_at, what, cause, state, version, rows_written, error }) => [
      started_at.slice(0, 19),
      what,
      cause,
      error === null ? state : `${state}: ${error}`,
      version === null ? '' : String(version),
      counts(rows_written),
    ]),
  ]);
}

/** Options of `bellwether schedule`, as they are typed. */
export interface ScheduleFlags {
  on?: boolean;
  off?: boolean;
  changed?: Schedule['changed'];
  all?: Schedule['all'];
  hour?: string;
  train?: Schedule['train'];
}

/** Shows when a scenario works by itself, after changing what was asked to change. */
export async function scheduleCommand(context: Context, name: string, flags: ScheduleFlags): Promise<void> {
  await withServer(context, async client => {
    const params = { name };
    const before = await client.call(api.operations.schedule, { params });
    const changes = changesOf(flags);
    const state =
      Object.keys(changes).length === 0
        ? before
        : await client.call(api.operations.changeSchedule, {
            params,
            body: { ...planOf(before), ...changes },
          });
    context.output.tell('schedule', { scenario: name, ...state }, ...scheduleLines(name, state));
  });
}

function planOf({ on, changed, all, hour, train }: ScheduleState): Schedule {
  return { on, changed, all, hour, train };
}

function changesOf({ on, off, changed, all, hour, train }: ScheduleFlags): Partial<Schedule> {
  return {
    ...(on === true && { on: true }),
    ...(off === true && { on: false }),
    ...(changed !== undefined && { changed }),
    ...(all !== undefined && { all }),
    ...(hour !== undefined && { hour: hourOf(hour) }),
    ...(train !== undefined && { train }),
  };
}

function hourOf(text: string): number {
  const hour = Number(text);
  if (Number.isInteger(hour) && hour >= 0 && hour < 24) return hour;
  throw new AppError('cli.bad_option', `--hour must be a whole number from 0 to 23; "${text}" is not`);
}

function scheduleLines(
  name: string,
  { on, changed, all, hour, train, timezone, next }: ScheduleState,
): string[] {
  if (!on) return [`${name} works only when asked: bellwether schedule ${name} --on`];
  const at = (moment: string | null): string => (moment === null ? '' : `next ${moment.slice(0, 16)}Z`);
  return table([
    ['customers who changed', changed, at(next.changed)],
    [
      'everybody',
      all === 'off' ? 'off' : `${all} at ${String(hour).padStart(2, '0')}:00 ${timezone}`,
      at(next.all),
    ],
    ['learning again', train, at(next.train)],
  ]);
}

/** Two versions judged on the same newest period. */
export async function compareCommand(context: Context, name: string, a: string, b: string): Promise<void> {
  await withServer(context, async client => {
    const query = { a: versionOf(a), b: versionOf(b) };
    const found = await client.call(api.operations.compare, { params: { name }, query });
    context.output.tell('comparison', { scenario: name, ...found }, ...comparisonLines(found));
  });
}

function versionOf(text: string): number {
  const version = Number(text.replace(/^v/, ''));
  if (Number.isInteger(version) && version > 0) return version;
  throw new AppError('cli.bad_option', `a version is a whole number from 1 on; "${text}" is not`);
}

function comparisonLines({ a, b, as_of, horizon_days }: Comparison): string[] {
  const seen = [a, b].filter(({ has_seen }) => has_seen).map(({ version }) => `version ${version}`);
  return [
    `On what happened in the ${horizon_days} days after ${as_of.slice(0, 10)}:`,
    '',
    ...table([
      ['', `v${a.version} (${a.state})`, `v${b.version} (${b.state})`, 'difference'],
      ...a.now.map((figure, i) => {
        const other = b.now[i];
        const difference = (figure.model.value ?? NaN) - (other?.model.value ?? NaN);
        return [
          figure.words.en,
          estimate(figure.model, WRITE[figure.unit]),
          other === undefined ? '' : estimate(other.model, WRITE[other.unit]),
          Number.isNaN(difference) ? '' : `${difference > 0 ? '+' : ''}${difference.toFixed(3)}`,
        ];
      }),
    ]),
    ...(seen.length === 0
      ? []
      : ['', `${seen.join(' and ')} learned from that period: the figures are too good.`]),
  ];
}
