import { AppError, AudienceDefinition, type Milliseconds } from '@bellwether/contracts';
import type { Params } from '@bellwether/warehouse';
import { compileCondition, type CompiledCondition } from './condition-sql.ts';

/** A query that gives the column `customer_id` once for each member, and its parameters. */
export interface CompiledAudience {
  sql: string;
  params: Params;
}

/**
 * An audience as SQL. Names and numbers of the definition go in as parameters only; the text is made of ours.
 *
 * @param now the moment from which days are counted back
 * @throws AppError `audience.bad_definition` when it is none or can hold nobody
 */
export function compileAudience(definition: unknown, now: Milliseconds): CompiledAudience {
  const parsed = AudienceDefinition.safeParse(definition);
  if (!parsed.success)
    throw new AppError('audience.bad_definition', `the audience is not well-formed: ${parsed.error.message}`);
  const { where, scenario } = parsed.data;
  if (scenario === '' && where === undefined)
    throw new AppError('audience.bad_definition', 'the audience names neither a scenario nor a condition');
  const condition = where && compileCondition(where, now);
  return scenario === '' ? byCondition(parsed.data, condition) : byScore(parsed.data, condition);
}

function byCondition(
  { limit }: AudienceDefinition,
  condition: CompiledCondition | undefined,
): CompiledAudience {
  const first = limit === undefined ? '' : 'ORDER BY halfMD5(customer_id), customer_id LIMIT {limit:UInt64}';
  return {
    sql: `SELECT customer_id FROM customers WHERE ${condition?.sql ?? '1'} ${first}`,
    params: { ...condition?.params, ...(limit === undefined ? {} : { limit }) },
  };
}

function byScore(
  { scenario, min_probability, max_probability, chosen_only, stages, limit }: AudienceDefinition,
  condition: CompiledCondition | undefined,
): CompiledAudience {
  if (min_probability > max_probability)
    throw new AppError(
      'audience.bad_definition',
      `the audience asks for scores from ${min_probability} to ${max_probability}: nobody has one`,
    );
  // scores are single precision: the bounds are compared as such, or 0.3 would not be within "up to 0.3"
  const conditions = [
    'scenario = {scenario:String}',
    'probability >= toFloat32({min_probability:Float64})',
    'probability <= toFloat32({max_probability:Float64})',
    ...(chosen_only ? ['chosen'] : []),
    ...(stages
      ? ['customer_id IN (SELECT customer_id FROM current_lifecycle WHERE stage IN {stages:Array(String)})']
      : []),
    ...(condition ? [`customer_id IN (SELECT customer_id FROM customers WHERE ${condition.sql})`] : []),
  ];
  const best = limit === undefined ? '' : 'ORDER BY probability DESC, customer_id LIMIT {limit:UInt64}';
  return {
    sql: `SELECT customer_id FROM current_scores WHERE ${conditions.join(' AND ')} ${best}`,
    params: {
      ...{ ...condition?.params, scenario, min_probability, max_probability },
      ...(stages ? { stages } : {}),
      ...(limit === undefined ? {} : { limit }),
    },
  };
}
