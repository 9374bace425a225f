import type { Engagement } from '@bellwether/engagement';
import {
  findDuplicates,
  prepare,
  qualityReport,
  runImport,
  trainTable,
  type Collection,
  type Scenario,
  type Stores,
} from '@bellwether/pipeline';
import { scenarioNamed } from '../read/scenario.ts';
import { runLoop } from '../loop/loop.ts';
import type { Settings } from '../settings.ts';
import type { JobHandler } from './jobs.ts';
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
    duplicates: {
      resumes: true,
      async run(_job, work) {
        const { customers, compared, proposed } = await findDuplicates(stores, {}, work);
        return { customers, compared, proposed };
      },
    },
    quality: {
      resumes: true,
      run: async () => ({ columns: (await qualityReport(stores)).columns.length }),
    },
    train: scenarioJob(async (scenario, work) => {
      const { version, state, card } = await scenario.train(stores, {}, work);
      const [{ name, model, baseline }] = card.figures;
      return { version, state, figure: name, value: model.value, baseline: baseline?.value ?? null };
    }),
    score: scenarioJob(async (scenario, work) => ({ ...(await scenario.apply(stores, {}, work)) })),
    train_table: {
      resumes: false,
      async run({ subject }, work) {
        const { version, state, card } = await trainTable(stores, subject, {}, work);
        return { version, state, figure: 'auc', value: card.cross.auc.value };
      },
    },
    loop: { resumes: false, run: (_job, work) => runLoop(parts, work) },
  };
}

function scenarioJob(
  run: (scenario: Scenario, work: Parameters<JobHandler['run']>[1]) => Promise<Record<string, unknown>>,
): JobHandler {
  return { resumes: false, run: ({ subject }, work) => run(scenarioNamed(subject), work) };
}
