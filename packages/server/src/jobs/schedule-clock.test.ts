import { DAY, HOUR, SteppedClock } from '@bellwether/contracts';
import { freshRecords, freshWarehouse, story } from '@bellwether/testing';
import { expect } from 'vitest';
import { Jobs, type JobHandler } from './jobs.ts';
import { askScheduled } from './schedule-clock.ts';

const START = Date.UTC(2026, 0, 1, 12);
const TERMS = { timezone: 'UTC', byDefault: true };

/** A server's queue whose work is done at once, and a list of what was done. */
async function given() {
  const stores = {
    warehouse: await freshWarehouse(),
    records: await freshRecords(),
    clock: new SteppedClock(START),
  };
  const done: string[] = [];
  const handler = (name: string): JobHandler => ({
    resumes: false,
    run: async ({ subject, args }) => {
      done.push(`${name} ${subject} ${String(args['cause'])}`);
      return {};
    },
  });
  const names = ['score_changed', 'daily', 'train_due'];
  const handlers = Object.fromEntries(names.map(name => [name, handler(name)]));
  const jobs = new Jobs({ ...stores, node: 'n1', handlers });
  await jobs.start();
  const ask = (isLive = true) => askScheduled({ stores, jobs, terms: TERMS, isLive: () => isLive });
  return { stores, jobs, done, ask };
}

const closed = async ({ stores, jobs }: Awaited<ReturnType<typeof given>>): Promise<void> => {
  await jobs.stop();
  await Promise.all([stores.warehouse.close(), stores.records.destroy()]);
};

story('days on which the server stood still are made up for once, and not again', {
  given,
  when: async server => {
    await server.ask();
    server.stores.clock.advance(5 * DAY);
    await server.ask();
    await expect.poll(() => server.done.filter(work => work.includes('purchase-prediction')).length).toBe(3);
    await server.ask();
    return server.done.filter(work => work.includes('purchase-prediction')).sort();
  },
  then: async (done, server) => {
    expect(done).toEqual([
      'daily purchase-prediction schedule',
      'score_changed purchase-prediction schedule',
      'train_due purchase-prediction schedule',
    ]);
    await closed(server);
  },
});

story('a market that is being played asks for nothing', {
  given,
  when: async server => {
    await server.ask(false);
    server.stores.clock.advance(DAY);
    return server.ask(false);
  },
  then: async (asked, server) => {
    expect(asked).toEqual([]);
    server.stores.clock.advance(HOUR);
    expect(await server.ask()).toEqual([]);
    await closed(server);
  },
});
