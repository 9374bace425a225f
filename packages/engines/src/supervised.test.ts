import { isAppError } from '@bellwether/contracts';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { PATIENCE, Supervised, type Patience, type Program } from './supervised.ts';

const IMPATIENT: Patience = {
  ...PATIENCE,
  start: 5_000,
  check: 30,
  failures: 2,
  first: 10,
  longest: 40,
  stop: 300,
};

let supervised: Supervised | undefined;
afterEach(() => supervised?.stop());

/** Programs that run these scripts of the shell one after another, the last again and again. */
function scripts(
  list: readonly string[],
  check: Program['check'] = async () => undefined,
): Program & { launched: number } {
  const program = {
    name: 'records' as const,
    launched: 0,
    stopSignal: 'SIGTERM' as const,
    launch: async () => {
      const script = list[Math.min(program.launched++, list.length - 1)] ?? '';
      return spawn('bash', ['-c', script], { stdio: ['ignore', 'pipe', 'pipe'] });
    },
    ready: async (child: Awaited<ReturnType<Program['launch']>>) => {
      if (child.stdout !== null) await once(child.stdout, 'data');
    },
    check,
    describe: () => 'running',
  };
  return program;
}

const GOOD = 'echo ready; exec sleep 60';

async function until(what: () => boolean): Promise<void> {
  for (let tries = 0; !what(); tries++) {
    if (tries > 500) throw new Error('it did not come to pass');
    await wait(10);
  }
}

test('a program that ends is started again, with longer and longer pauses while it fails', async () => {
  const bad = 'echo no luck >&2; exit 3';
  const program = scripts([
    'echo ready; sleep 0.05; echo it broke >&2; exit 1',
    bad,
    bad,
    bad,
    bad,
    bad,
    bad,
    GOOD,
  ]);
  supervised = new Supervised(program, () => undefined, IMPATIENT);
  await supervised.start();
  const seen = new Set<string>();
  await until(() => {
    const { state, detail } = supervised!.state();
    seen.add(`${state}: ${detail}`);
    return program.launched === 8 && state === 'up';
  });
  expect(supervised.state()).toMatchObject({ state: 'up', restarts: 7, detail: 'running' });
  expect([...seen].some(said => /^restarting: .*code 1.*it broke/.test(said))).toBe(true);
  expect([...seen].some(said => /^down: .*code 3.*no luck/.test(said))).toBe(true);
});

test('a program that does not answer its checks is ended and started again', async () => {
  const program = scripts([GOOD], async () => {
    if (program.launched === 1) throw new Error('no answer');
  });
  supervised = new Supervised(program, () => undefined, IMPATIENT);
  await supervised.start();
  await until(() => program.launched === 2 && supervised!.state().state === 'up');
  await wait(200);
  expect(supervised.state().restarts).toBe(1);
});

test('a program that fails at once is refused with its last words', async () => {
  supervised = new Supervised(scripts(['echo the disk is full >&2; exit 1']), () => undefined, IMPATIENT);
  const error: unknown = await supervised.start().catch((thrown: unknown) => thrown);
  expect(isAppError(error, 'engines.start_failed')).toBe(true);
  expect(String(error)).toMatch(/code 1.*the disk is full/);
});

test('a program that does not want to leave is killed', async () => {
  supervised = new Supervised(
    scripts(['trap "" TERM; echo ready; while true; do sleep 0.1; done']),
    () => undefined,
    IMPATIENT,
  );
  await supervised.start();
  await supervised.stop();
  expect(supervised.state()).toMatchObject({ state: 'down', detail: 'stopped' });
});

test('a stop during the start ends it', async () => {
  const program = scripts(['exec sleep 60']);
  supervised = new Supervised(program, () => undefined, IMPATIENT);
  const outcome = supervised.start().catch((error: unknown) => (error as { code: string }).code);
  await until(() => program.launched === 1);
  await supervised.stop();
  expect(await outcome).toBe('engines.stopped');
});
