import type { Engagement } from '@bellwether/engagement';
import {
  prepare,
  qualityReport,
  runImport,
  trainTable,
  type Collection,
  type Stores,
} from '@bellwether/pipeline';
import { runLoop } from '../loop/loop.ts';
import type { Settings } from '../settings.ts';
import type { JobHandler } from './jobs.ts';
import { traitsJob } from './traits.ts';
import { scenarioJobs } from './scenario-jobs.ts';
import { peopleJobs } from './people.ts';
import { shopSettings } from '../read/currency.ts';

/** What long work is done with. */
export interface WorkParts {
  settings: Settings;
  stores: Stores;
  engagement: Engagement;
  collection: Collection;
  demo: boolean;
}

/** Every kind of long work that this server does. */
export function jobHandlers(parts: WorkParts): Record<string, JobHandler> {
  const { stores } = parts;
  return {
    import: {
      resumes: true,
      async run({ subject }, work, jobs) {
        const done = await runImport(stores, subject, work);
        await jobs.enqueue('prepare');
        const { rows_read, rows_loaded, rows_refused, rows_known } = done;
        return { rows_read, rows_loaded, rows_refused, rows_known };
      },
    },
    prepare: {
      resumes: true,
      async run(_job, work) {
        const { lines_in, lines_out, customers_out } = await prepare(
          stores,
          work,
          shopSettings(parts.settings),
        );
        await qualityReport(stores);
        return { lines_in, lines_out, customers_out };
      },
    },
    ...peopleJobs(stores),
    quality: {
      resumes: true,
      run: async () => ({ columns: (await qualityReport(stores)).columns.length }),
    },
    ...scenarioJobs(parts),
    traits: traitsJob(stores),
    train_table: {
      resumes: false,
      async run({ subject }, work) {
        const { version, state, card } = await trainTable(stores, subject, {}, work);
        return { version, state, figure: 'auc', value: card.cross.auc.value };
      },
    },
    loop: { resumes: false, run: ({ id }, work) => runLoop(parts, work, id) },
  };
}
