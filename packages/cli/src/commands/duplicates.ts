import { api, type DuplicatePair } from '@bellwether/contracts';
import { withServer } from '../connect.ts';
import type { Context } from '../context.ts';
import { followJob } from '../jobs.ts';
import { table } from '../output.ts';

export interface DuplicatesOptions {
  least?: string;
  limit?: string;
  /** Show what was found last, without looking again. */
  show?: boolean;
}

/** Looks for customers who are probably one person and prints them with what speaks for it; nobody is merged. */
export async function duplicatesCommand(context: Context, options: DuplicatesOptions): Promise<void> {
  const query = { least: Number(options.least ?? 0.5), limit: Number(options.limit ?? 20) };
  await withServer(context, async client => {
    if (options.show !== true)
      await followJob(context, client, await client.call(api.duplicates.find), 'duplicates');
    const { rows, total, run, counts } = await client.call(api.duplicates.list, { query });
    const compared = run === null ? '' : `, ${run.compared} pairs of ${run.customers} customers compared`;
    context.output.tell(
      'duplicates',
      { total, counts, rows, run },
      `${total} pairs wait for a person's word${compared}; decide in the console under Data, Identity`,
      ...table(rows.map(lineOf)),
    );
  });
}

function lineOf({ left, right, probability, evidence }: DuplicatePair): [string, string] {
  const reasons = evidence.filter(({ bits }) => bits > 0).map(({ words }) => words.en);
  const names = [left, right].map(
    person => `${person.customer_id}${person.name === '' ? '' : ` (${person.name})`}`,
  );
  return [`${(probability * 100).toFixed(2)} %`, `${names.join(' = ')}: ${reasons.join(', ')}`];
}
