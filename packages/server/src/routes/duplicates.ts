import { api } from '@bellwether/contracts';
import { duplicatePairs, duplicateRuns, mergePairs, refusePairs, reopenPairs } from '@bellwether/pipeline';
import type { FastifyRequest } from 'fastify';
import type { Mount } from '../http/mount.ts';
import type { Installation } from '../installation.ts';

const { duplicates } = api;

/** Customers who are probably one person: looked for by a job, decided by a person. */
export function mountDuplicates(on: Mount, { stores, jobs }: Installation): void {
  const whoOf = (request: FastifyRequest): { by: string } => ({ by: request.caller?.name ?? '' });
  on(duplicates.list, ({ query }) => duplicatePairs(stores, query));
  on(duplicates.runs, () => duplicateRuns(stores.records));
  on(duplicates.find, () => jobs.enqueue('duplicates'));
  on(duplicates.merge, ({ body }, { request }) => mergePairs(stores, body, whoOf(request)));
  on(duplicates.refuse, async ({ body }, { request }) => ({
    refused: await refusePairs(stores, body.pairs, whoOf(request)),
  }));
  on(duplicates.reopen, async ({ body }) => ({ reopened: await reopenPairs(stores, body.pairs) }));
}
