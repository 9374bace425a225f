import { systemClock } from '@bellwether/contracts';
import type { Records } from '@bellwether/records';
import { freshRecords } from '@bellwether/testing';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { Jobs, type JobHandler } from './jobs.ts';

let records: Records;
const open: Jobs[] = [];

beforeAll(async () => {
  records = await freshRecords();
});
beforeEach(async () => void (await records.deleteFrom('jobs').execute()));
afterEach(async () => {
  await Promise.all(open.splice(0).map(jobs => jobs.stop()));
});
afterAll(() => records.destroy());

const quick = async (): Promise<Record<string, unknown>> => ({ ok: true });
/** Works until it is told to stop. */
const endless: JobHandler['run'] = (_job, { signal, onProgress }) =>
  new Promise((_, stopped) => {
    onProgress({ done: 1, total: 2, unit: 'rows', step: 'half' });
    signal.addEventListener('abort', () => stopped(signal.reason as Error));
  });

async function started(handlers: Record<string, JobHandler>, node = 'n1'): Promise<Jobs> {
  const jobs = new Jobs({ records, clock: systemClock, node, handlers });
  open.push(jobs);
  await jobs.start();
  return jobs;
}

async function running(jobs: Jobs, id: string): Promise<void> {
  while ((await jobs.get(id)).step !== 'half') await new Promise(later => setTimeout(later, 10));
}

test('work is done once, and its result kept', async () => {
  const jobs = await started({ quick: { resumes: false, run: quick } });
  const job = await jobs.settled((await jobs.enqueue('quick', 'a')).id);
  expect(job).toMatchObject({ state: 'done', result: { ok: true }, error: null, subject: 'a' });
});

test('the same work is not queued twice while it waits or runs', async () => {
  const jobs = await started({ endless: { resumes: false, run: endless } });
  const [first, second] = await Promise.all([jobs.enqueue('endless', 's'), jobs.enqueue('endless', 's')]);
  expect(second.id).toBe(first.id);
  expect((await jobs.enqueue('endless', 'other')).id).not.toBe(first.id);
});

test('a failure is told by its sentence', async () => {
  const jobs = await started({
    bad: { resumes: false, run: () => Promise.reject(new Error('no column "x"')) },
  });
  expect(await jobs.settled((await jobs.enqueue('bad')).id)).toMatchObject({
    state: 'failed',
    error: 'no column "x"',
  });
});

test('progress is seen while it runs, and a running job can be cancelled', async () => {
  const jobs = await started({ endless: { resumes: true, run: endless } });
  const { id } = await jobs.enqueue('endless');
  await running(jobs, id);
  expect(await jobs.get(id)).toMatchObject({ state: 'running', done: 1, total: 2, unit: 'rows' });
  await jobs.cancel(id);
  expect((await jobs.settled(id)).state).toBe('cancelled');
});

test('a job that waits is cancelled without being begun', async () => {
  const jobs = await started({ endless: { resumes: false, run: endless } });
  await running(jobs, (await jobs.enqueue('endless', 'a')).id);
  const waiting = await jobs.enqueue('endless', 'b');
  expect(await jobs.cancel(waiting.id)).toMatchObject({ state: 'cancelled', started_at: null });
});

test('a stop puts back what can go on, and fails what cannot with a sentence', async () => {
  for (const resumes of [true, false]) {
    const name = `endless-${resumes}`;
    const jobs = await started({ [name]: { resumes, run: endless } });
    const { id } = await jobs.enqueue(name);
    await running(jobs, id);
    await jobs.stop();
    const { state, error } = await jobs.get(id);
    expect([state, error === null]).toEqual(resumes ? ['queued', true] : ['failed', false]);
  }
});

test('what a dead process left is gone on with, failed, or let be where another node has it', async () => {
  const left = (id: string, name: string, claimed_by: string) => ({
    ...{ id, name, claimed_by, subject: id, args: '{}', state: 'running' as const },
    created_at: new Date(),
    started_at: new Date(),
  });
  await records
    .insertInto('jobs')
    .values([left('r', 'goes_on', 'dead'), left('f', 'fails', 'dead'), left('o', 'fails', 'elsewhere')])
    .execute();
  const jobs = await started(
    { goes_on: { resumes: true, run: quick }, fails: { resumes: false, run: quick } },
    'dead',
  );
  expect((await jobs.settled('r')).state).toBe('done');
  expect(await jobs.get('f')).toMatchObject({
    state: 'failed',
    error: expect.stringContaining('start it again'),
  });
  expect((await jobs.get('o')).state).toBe('running');
});

test('two nodes share a queue, and no job is done twice', async () => {
  const done: string[] = [];
  const note: JobHandler = {
    resumes: false,
    run: async ({ subject }) => ({ n: done.push(subject) }),
  };
  const [one, two] = await Promise.all([started({ note }, 'one'), started({ note }, 'two')]);
  const ids: string[] = [];
  for (let n = 0; n < 20; n++) ids.push((await (n % 2 === 0 ? one : two).enqueue('note', `j${n}`)).id);
  await Promise.all(ids.map(id => one.settled(id)));
  expect([...done].sort()).toEqual(ids.map((_, n) => `j${n}`).sort());
});
