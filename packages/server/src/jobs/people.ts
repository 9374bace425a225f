import { findDuplicates, type Stores } from '@bellwether/pipeline';
import { runErasure } from '@bellwether/privacy';
import type { JobHandler } from './jobs.ts';

/** Work on persons: looking for who is here twice, and erasing who asked for it. Both may be started again. */
export function peopleJobs(stores: Stores): Record<string, JobHandler> {
  return {
    duplicates: {
      resumes: true,
      async run(_job, work) {
        const { customers, compared, proposed } = await findDuplicates(stores, {}, work);
        return { customers, compared, proposed };
      },
    },
    erase: {
      resumes: true,
      async run({ subject }, work) {
        const { removed } = await runErasure(stores, subject, work);
        return { rows: Object.values(removed).reduce((sum, rows) => sum + rows, 0) };
      },
    },
  };
}
