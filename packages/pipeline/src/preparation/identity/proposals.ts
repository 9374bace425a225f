import type { MergeProposal } from '@bellwether/contracts';
import { sqlBeside } from '@bellwether/warehouse';
import type { Stores } from '../../stores.ts';
import { merges } from './merges.ts';

const PROPOSALS = sqlBeside(import.meta.url, 'proposals.sql');

/**
 * What is assumed where the data cannot say. `_m`: how often two records of one person agree on a field, mistakes and
 * moves taken off. `_shared`: how many people in a hundred share that address with somebody else (a couple's mailbox, a
 * family's telephone). `duplicates`: extra records for each customer before anybody looked, which sets the prior.
 */
const ASSUMED = {
  email_m: 0.8,
  phone_m: 0.85,
  name_m: 0.85,
  city_m: 0.85,
  country_m: 0.97,
  gender_m: 0.98,
  email_shared: 0.01,
  phone_shared: 0.03,
  // names that differ by a slip of the pen: Jaro-Winkler similarity from here on
  close_name: 0.92,
  close_m: 0.1,
  close_u: 0.005,
  duplicates: 0.01,
} as const;

const LEAST_SCORE = 0.2;
const MOST_PROPOSALS = 200;

/**
 * Customers who are probably one person, the surest first. Nobody is merged by this: a person decides. A pair that was
 * merged once is not proposed again, since somebody has decided on it, if only to take it back.
 *
 * @example
 * const [first] = await mergeProposals(stores); // { left: 'u1', right: 'u7', score: 0.998, evidence: [{ field: 'email', … }, …] }
 */
export async function mergeProposals({ warehouse, records }: Stores): Promise<MergeProposal[]> {
  const decided = new Set((await merges(records)).map(({ winner, loser }) => pairKey(winner, loser)));
  type Row = Omit<MergeProposal, 'evidence'> & { evidence: [field: string, left: string, right: string][] };
  const rows = await warehouse.query<Row>(PROPOSALS, {
    ...ASSUMED,
    least_score: LEAST_SCORE,
    limit: MOST_PROPOSALS + decided.size,
  });
  return rows
    .filter(({ left, right }) => !decided.has(pairKey(left, right)))
    .slice(0, MOST_PROPOSALS)
    .map(({ left, right, score, evidence }) => ({
      left,
      right,
      score,
      evidence: evidence.map(([field, said, other]) => ({ field, left: said, right: other })),
    }));
}

const pairKey = (one: string, other: string): string => JSON.stringify([one, other].sort());
