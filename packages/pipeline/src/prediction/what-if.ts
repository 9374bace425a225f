import {
  AppError,
  type Estimate,
  type MeasuredAction,
  type WhatIf,
  type WhatIfBody,
  type Words,
} from '@bellwether/contracts';
import type { CalibratedModel, Table } from '@bellwether/ml';
import { sqlBeside } from '@bellwether/warehouse';
import type { Scenario } from '../features/index.ts';
import type { Stores } from '../stores.ts';
import { keptClassifier } from '../training/index.ts';

const KNOWN = sqlBeside(import.meta.url, 'what-if.sql');

/** What a journey measured against its hold-out, as engagement tells it. */
export type MeasuredJourney = Omit<MeasuredAction, 'shown' | 'said'>;

/**
 * What the version in use would say of a customer who were otherwise. It tells how customers differ who differ in this, not
 * what would come of changing one of them; what messages bring about is told by journeys that held somebody out, or not at
 * all.
 *
 * @param journeys what journeys measured, by whoever may ask them
 * @throws AppError `scenario.no_champion`, `scenario.bad_version`, `scenario.no_such_customer`, `scenario.no_such_feature`
 * @example
 * await whatIf(stores, purchasePrediction, { customer_id: '17850', changes: { recency_days: 3 } }, []);
 */
export async function whatIf(
  stores: Stores,
  scenario: Pick<Scenario, 'name' | 'features'>,
  { customer_id, changes }: WhatIfBody,
  journeys: readonly MeasuredJourney[],
): Promise<WhatIf> {
  const champion = await keptClassifier(stores.records, scenario.name);
  if (champion === undefined)
    throw new AppError('scenario.no_champion', `${scenario.name} has no version in use: train one first`);
  if (champion.learned === undefined)
    throw new AppError(
      'scenario.bad_version',
      `version ${champion.version} is not read any more: train again`,
    );
  const known = await knownOf(stores, scenario.name, customer_id);
  const features = supposed(scenario, known, changes);
  const { model } = champion.learned;
  const before = told(model, tableOf(features.map(({ name, value }) => [name, value])));
  const after = told(model, tableOf(features.map(({ name, supposed: value }) => [name, value])));
  return {
    ...{ scenario: scenario.name, version: champion.version, customer_id },
    as_of: new Date(known.as_of).toISOString(),
    ...{ before, after, difference: (after.value ?? 0) - (before.value ?? 0), features },
    meaning: MEANING,
    ...actionsOf(journeys),
  };
}

interface Known {
  as_of: number;
  names: string[];
  values: (number | null)[];
  low: (number | null)[];
  high: (number | null)[];
}

async function knownOf({ warehouse }: Stores, scenario: string, customer_id: string): Promise<Known> {
  const [known] = await warehouse.query<Known>(KNOWN, { scenario, customer_id });
  if (known !== undefined) return known;
  throw new AppError(
    'scenario.no_such_customer',
    `${scenario} was never told of customer "${customer_id}": score first, or look for another`,
  );
}

function supposed(
  { name: scenario, features }: Pick<Scenario, 'name' | 'features'>,
  { names, values, low, high }: Known,
  changes: WhatIfBody['changes'],
): WhatIf['features'] {
  const unknown = Object.keys(changes).filter(name => !names.includes(name));
  if (unknown.length > 0)
    throw new AppError(
      'scenario.no_such_feature',
      `${scenario} does not look at ${unknown.join(', ')}; it looks at ${names.join(', ')}`,
    );
  return names.map((name, j) => {
    const declared = features.find(feature => feature.name === name);
    const value = values[j] ?? null;
    const next = Object.hasOwn(changes, name) ? (changes[name] ?? null) : value;
    const [least, most] = [low[j] ?? null, high[j] ?? null];
    return {
      ...{ name, value, supposed: next, low: least, high: most },
      words: declared?.words ?? { en: name, 'zh-CN': name },
      unit: declared?.unit ?? 'times',
      outside: next !== null && (least === null || most === null || next < least || next > most),
    };
  });
}

function tableOf(row: readonly (readonly [name: string, value: number | null])[]): Table {
  const columns = row.map(([, value]) => Float32Array.of(value ?? NaN));
  return { names: row.map(([name]) => name), rows: 1, columns };
}

function told(model: CalibratedModel, table: Table): Estimate {
  const { probability, low, high } = model.judge(table);
  return { value: probability[0], low: low[0], high: high[0], n: 1 };
}

const MEANING: Words = {
  en:
    'This is how the probability of customers differs who differ in this, all else being as it is. It is an association: ' +
    'it does not say that changing it would make this customer buy.',
  'zh-CN': '这表示其他条件相同时，此项不同的顾客购买概率有何差异。这是相关，并不表示改变它就会让该顾客购买。',
};

const NOTHING: Words = {
  en:
    'Nothing supports an answer to “what if we sent a coupon”: no journey with a hold-out has been measured yet. ' +
    'Start a journey that holds out one in five, wait for its window to pass, and the answer stands here.',
  'zh-CN':
    '“发一张优惠券会怎样”目前没有依据：还没有带对照组的旅程得到测量。请启动一个保留五分之一顾客作对照的旅程，待观察期结束后这里会给出答案。',
};

const MEASURED: Words = {
  en: 'What messages brought about, on average over those who entered a journey, against those who were held out:',
  'zh-CN': '与对照组相比，进入旅程的顾客平均因消息而产生的变化：',
};

function actionsOf(journeys: readonly MeasuredJourney[]): Pick<WhatIf, 'actions' | 'support'> {
  const measured = journeys.filter(
    ({ lift, treated, held_out }) => lift.value !== null && treated * held_out > 0,
  );
  const actions = measured.map(journey => {
    const { low, high } = journey.lift;
    const shown = (low ?? -1) > 0 || (high ?? 1) < 0;
    return { ...journey, shown, said: saidOf(journey, shown) };
  });
  return { actions, support: actions.length > 0 ? MEASURED : NOTHING };
}

function saidOf({ name, days, treated, held_out, lift }: MeasuredJourney, shown: boolean): Words {
  const points = (share: number | null): string =>
    `${share !== null && share > 0 ? '+' : ''}${(100 * (share ?? 0)).toFixed(1)}`;
  const range = `${points(lift.low)} – ${points(lift.high)}`;
  return {
    en:
      `“${name}” moved the share who buy within ${days} days by ${points(lift.value)} points (95 %: ${range}; ` +
      `${treated} written to, ${held_out} held out). ${shown ? 'That is beyond chance, for such customers on average.' : 'That is not beyond chance: it supports no promise.'}`,
    'zh-CN':
      `“${name}”使 ${days} 天内的购买比例变化 ${points(lift.value)} 个百分点（95 %：${range}；触达 ${treated} 人，对照 ${held_out} 人）。` +
      (shown ? '对这类顾客平均而言，该变化超出偶然。' : '该变化未超出偶然，不足以作出承诺。'),
  };
}
