import type { api, DuplicateQuery, Reply } from '@bellwether/contracts';

/** Which pairs are looked at, and which page of them. */
export type Filter = Pick<DuplicateQuery, 'state' | 'least' | 'search' | 'field'> & { page: number };

export type QueuePage = Reply<typeof api.duplicates.list>;

/** Pairs of one page. */
export const SIZE = 25;
