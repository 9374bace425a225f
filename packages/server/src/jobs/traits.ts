import { computeTraits, traitDefinitions, type Stores } from '@bellwether/pipeline';
import { objectors } from '@bellwether/privacy';
import type { JobHandler } from './jobs.ts';

/** Brings traits up to date; what was not finished is computed by the next. */
export function traitsJob(stores: Stores): JobHandler {
  return {
    resumes: true,
    async run(_job, work) {
      const [definitions, exclude] = await Promise.all([traitDefinitions(stores), objectors(stores)]);
      return { ...(await computeTraits(stores, definitions, { exclude }, work)) };
    },
  };
}
