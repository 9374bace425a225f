import {
  AppError,
  LifecycleRules,
  type LifecycleSettings,
  type RulesPreview,
  type Stage,
  LIFECYCLE_STAGES,
} from '@bellwether/contracts';
import { dataMoment, type Stores } from '@bellwether/pipeline';
import { churnSql, defaultRules, stageSql } from './stages.ts';
import { gapsOf } from './needs.ts';

const KEY = 'lifecycle';

/**
 * The rules in force, with those that would hold otherwise and what the data propose.
 *
 * @throws AppError `settings.invalid` when what is kept is of another shape
 */
export async function currentRules(stores: Stores): Promise<LifecycleSettings> {
  const { gaps, ninth } = await gapsOf(stores, await dataMoment(stores));
  const proposed_days = gaps > 0 ? Math.max(1, Math.round(ninth)) : null;
  const defaults = defaultRules(proposed_days);
  const row = await stores.records
    .selectFrom('settings')
    .select('value')
    .where('key', '=', KEY)
    .executeTakeFirst();
  if (row === undefined) return { rules: defaults, defaults, proposed_days };
  const parsed = LifecycleRules.safeParse(row.value);
  if (!parsed.success)
    throw new AppError('settings.invalid', `the setting "${KEY}" is not valid: ${parsed.error.message}`);
  return { rules: parsed.data, defaults, proposed_days };
}

/** Changes the rules; every stage that was ever told is told by them from then on, so that its history stays one story. */
export async function changeRules(stores: Stores, rules: LifecycleRules): Promise<LifecycleSettings> {
  const value = JSON.stringify(rules);
  await stores.records
    .insertInto('settings')
    .values({ key: KEY, value })
    .onConflict(conflict => conflict.column('key').doUpdateSet({ value }))
    .execute();
  const stage = stageSql(rules.stages);
  await stores.warehouse.command(
    `ALTER TABLE lifecycle_stages UPDATE stage = ${stage} WHERE stage != ${stage}`,
    {},
    { mutations_sync: '1' },
  );
  return currentRules(stores);
}

interface Move {
  before: Stage;
  after: Stage;
  customers: number;
  churned_before: number;
  churned_after: number;
}

/** How many of today's customers would change their stage under other rules. */
export async function previewRules(stores: Stores, rules: LifecycleRules): Promise<RulesPreview> {
  const { rules: current } = await currentRules(stores);
  const rows = await stores.warehouse.query<Move>(`
    SELECT stage AS before, ${stageSql(rules.stages)} AS after, count() AS customers,
        countIf(${churnSql(current.churn)}) AS churned_before, countIf(${churnSql(rules.churn)}) AS churned_after
    FROM current_lifecycle GROUP BY before, after ORDER BY customers DESC`);
  const sum = (of: (move: Move) => number): number => rows.reduce((total, move) => total + of(move), 0);
  const moves = rows.filter(({ before, after }) => before !== after);
  return {
    customers: sum(({ customers }) => customers),
    moved: moves.reduce((total, { customers }) => total + customers, 0),
    stages: LIFECYCLE_STAGES.map(stage => ({
      stage,
      before: sum(move => (move.before === stage ? move.customers : 0)),
      after: sum(move => (move.after === stage ? move.customers : 0)),
    })),
    moves: moves.map(({ before, after, customers }) => ({ from: before, to: after, customers })),
    churned_before: sum(move => move.churned_before),
    churned_after: sum(move => move.churned_after),
  };
}
