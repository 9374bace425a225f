import { SCHEDULE_PIECES, type SchedulePiece } from '@bellwether/contracts';
import type { Database, Transaction } from '@bellwether/records';
import { nextAt, scheduleOf, type Deciding, type ScheduleTerms } from './schedule.ts';

/** A piece of a schedule whose time has come. */
export interface Due {
  scenario: string;
  piece: SchedulePiece;
}

/**
 * Asks for the work that is due, each piece once: whoever holds a piece's row asks for it and sets its next time in one
 * transaction, so that neither two nodes nor a crash ask twice. What was missed while nothing ran is asked for once.
 *
 * @param ask puts the work into the queue within the transaction
 * @returns what was asked for
 */
export async function askDue(
  stores: Deciding,
  scenarios: readonly string[],
  terms: ScheduleTerms,
  ask: (due: Due, transaction: Transaction<Database>) => Promise<unknown>,
): Promise<Due[]> {
  const asked: Due[] = [];
  for (const scenario of scenarios)
    for (const piece of SCHEDULE_PIECES)
      if (await askOne(stores, { scenario, piece }, terms, ask)) asked.push({ scenario, piece });
  return asked;
}

async function askOne(
  { records, clock }: Deciding,
  due: Due,
  terms: ScheduleTerms,
  ask: (due: Due, transaction: Transaction<Database>) => Promise<unknown>,
): Promise<boolean> {
  const { scenario, piece } = due;
  const now = clock.now();
  return records.transaction().execute(async transaction => {
    const next = nextAt(piece, await scheduleOf(transaction, scenario, terms), now, terms.timezone);
    if (next === undefined) {
      await transaction
        .deleteFrom('scenario_dues')
        .where('scenario', '=', scenario)
        .where('piece', '=', piece)
        .execute();
      return false;
    }
    await transaction
      .insertInto('scenario_dues')
      .values({ scenario, piece, due_at: new Date(next) })
      .onConflict(conflict => conflict.doNothing())
      .execute();
    const held = await transaction
      .selectFrom('scenario_dues')
      .select('due_at')
      .where('scenario', '=', scenario)
      .where('piece', '=', piece)
      .where('due_at', '<=', new Date(now))
      .forUpdate()
      .skipLocked()
      .executeTakeFirst();
    if (held === undefined) return false;
    await ask(due, transaction);
    await transaction
      .updateTable('scenario_dues')
      .set({ due_at: new Date(next), last_at: new Date(now) })
      .where('scenario', '=', scenario)
      .where('piece', '=', piece)
      .execute();
    return true;
  });
}
