import { AppError, DAY, type Comparison, type ModelVersion, type VersionSide } from '@bellwether/contracts';
import { dataMoment, type JudgeOptions, type Scenario } from '../features/index.ts';
import type { Stores } from '../stores.ts';
import { modelVersions } from '../training/index.ts';

/**
 * Two versions judged on the same customers and outcomes, those of the newest horizon that has passed, with what their
 * cards say beside it.
 *
 * @throws AppError `scenario.no_version`, `scenario.bad_version`
 */
export async function compareVersions(
  stores: Stores,
  scenario: Scenario,
  [a, b]: readonly [number, number],
  options: JudgeOptions = {},
): Promise<Comparison> {
  const versions = await modelVersions(stores.records, scenario.name);
  const horizon = scenario.horizonDays * DAY;
  const asOf = (await dataMoment(stores)) - horizon;
  const side = async (number: number): Promise<VersionSide> => {
    const kept = versions.find(({ version }) => version === number);
    if (kept === undefined)
      throw new AppError('scenario.no_version', `${scenario.name} has no version ${number}`);
    return sideOf(kept, asOf, horizon, await scenario.judge(stores, number, asOf, options));
  };
  return {
    as_of: new Date(asOf).toISOString(),
    horizon_days: scenario.horizonDays,
    a: await side(a),
    b: await side(b),
  };
}

function sideOf(
  { version, state, created_at, card }: ModelVersion,
  asOf: number,
  horizon: number,
  now: VersionSide['now'],
): VersionSide {
  const learned = card.train_moments.map(moment => Date.parse(moment));
  return {
    ...{ version, state, created_at, now, card: card.figures },
    estimator: card.estimator,
    test_moment: card.test_moment,
    has_seen: learned.some(moment => Math.abs(moment - asOf) < horizon),
  };
}
