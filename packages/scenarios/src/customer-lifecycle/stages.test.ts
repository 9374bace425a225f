import {
  LIFECYCLE_STAGES,
  LifecycleRules,
  STAGE_FACTS,
  type StageCondition,
  type StageFact,
  type StageRule,
} from '@bellwether/contracts';
import { mbgNbd, Rng, tableOf, type Table } from '@bellwether/ml';
import { freshWarehouse, story } from '@bellwether/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { factsOf } from './facts.ts';
import { spreadsOf, type LifecycleModel } from './model.ts';
import { defaultRules, stageOf, stageSql, type StageFacts } from './stages.ts';

const number = fc.double({ min: 0, max: 400, noNaN: true });
const condition: fc.Arbitrary<StageCondition> = fc
  .tuple(fc.constantFrom(...STAGE_FACTS), number, number, fc.constantFrom('low', 'high', 'both'))
  .map(([fact, a, b, kind]) => ({
    fact,
    ...(kind === 'high' ? {} : { at_least: Math.min(a, b) }),
    ...(kind === 'low' ? {} : { at_most: Math.max(a, b) }),
  }));
const rules: fc.Arbitrary<StageRule[]> = fc
  .tuple(
    fc.array(
      fc.record({
        stage: fc.constantFrom(...LIFECYCLE_STAGES),
        when: fc.array(condition, { minLength: 1, maxLength: 3 }),
      }),
      { maxLength: 6 },
    ),
    fc.constantFrom(...LIFECYCLE_STAGES),
  )
  .map(([some, rest]) => [...some, { stage: rest, when: [] }]);
const facts: fc.Arbitrary<StageFacts> = fc
  .array(number, { minLength: STAGE_FACTS.length, maxLength: STAGE_FACTS.length })
  .map(values => {
    const pairs = STAGE_FACTS.map((fact, i) => [fact, Math.fround(values[i] ?? 0)]);
    return Object.fromEntries(pairs) as Record<StageFact, number>; // a number for each fact
  });

test('whatever the rules, everybody has exactly one stage, and the warehouse finds the same', async () => {
  const warehouse = await freshWarehouse();
  await fc.assert(
    fc.asyncProperty(rules, fc.array(facts, { minLength: 1, maxLength: 20 }), async (some, people) => {
      expect(LifecycleRules.shape.stages.safeParse(some).success).toBe(true);
      const here = people.map(person => stageOf(some, person));
      here.forEach(stage => expect(LIFECYCLE_STAGES).toContain(stage));
      const rows = people.map(person => `(${STAGE_FACTS.map(fact => person[fact]).join(', ')})`).join(', ');
      const shape = STAGE_FACTS.map(fact => `${fact} Float32`).join(', ');
      const there = await warehouse.query<{ stage: string }>(
        `SELECT ${stageSql(some)} AS stage FROM values('${shape}', ${rows})`,
      );
      expect(there.map(({ stage }) => stage)).toEqual(here);
    }),
    { numRuns: 15 },
  );
  await warehouse.close();
});

test.each([
  ['the last rule asks something', [{ stage: 'lost', when: [{ fact: 'alive', at_most: 1 }] }]],
  [
    'a rule before the last takes everybody',
    [
      { stage: 'active', when: [] },
      { stage: 'lost', when: [] },
    ],
  ],
  [
    'a condition asks nothing',
    [
      { stage: 'new', when: [{ fact: 'alive' }] },
      { stage: 'lost', when: [] },
    ],
  ],
  [
    'a condition cannot hold',
    [
      { stage: 'new', when: [{ fact: 'orders', at_least: 3, at_most: 1 }] },
      { stage: 'lost', when: [] },
    ],
  ],
])('rules are refused when %s', (_, stages) => {
  const given = { stages, churn: { by: 'silence', days: 90 } };
  expect(LifecycleRules.safeParse(given).success).toBe(false);
});

/** A population that orders about every six weeks and is lost now and then. */
async function population(): Promise<LifecycleModel> {
  const rng = new Rng(5);
  const made = Array.from({ length: 800 }, () => {
    const [rate, leaves] = [Math.exp(-1.8 + 0.7 * rng.normal()), -30 * Math.log(1 - rng.uniform())];
    let [frequency, recency] = [0, 0];
    for (let week = 1; week < Math.min(40, leaves); week++)
      if (rng.uniform() < rate) {
        frequency++;
        recency = week;
      }
    return { frequency, recency, age: 40 };
  });
  const column = (name: 'frequency' | 'recency' | 'age'): Float32Array =>
    Float32Array.from(made, row => row[name]);
  const weeks = tableOf({ frequency: column('frequency'), recency: column('recency'), age: column('age') });
  const purchases = await mbgNbd({ penalty: 0.1 }).fit(weeks);
  const fitted = { unitDays: 7, purchases, spend: undefined, meanAmount: 10, trees: undefined };
  return { ...fitted, ...spreadsOf(fitted, weeks) };
}

interface Life {
  frequency: number;
  recency: number;
  silence: number;
  last_gap: number;
}

function table({ frequency, recency, silence, last_gap }: Life): Table {
  const one = (value: number): Float32Array => Float32Array.of(value);
  return tableOf({
    ...{ frequency: one(frequency), recency: one(recency), age: one(recency + silence) },
    ...{ silence: one(silence), last_gap: one(last_gap) },
  });
}

const stageWhen = (model: LifecycleModel, life: Life): string =>
  stageOf(defaultRules(90).stages, factsOf(model, table(life))[0]);

story('a customer who stops goes from loyal or active to at risk, lapsed and lost', {
  given: population,
  when: model =>
    [5, 60, 140, 900].map(silence => stageWhen(model, { frequency: 7, recency: 280, silence, last_gap: 38 })),
  then: stages => expect(stages).toEqual(['loyal', 'at_risk', 'lapsed', 'lost']),
});

story('who comes back after a long silence is won back, and active again in time', {
  given: population,
  when: model => [
    stageWhen(model, { frequency: 5, recency: 400, silence: 3, last_gap: 220 }),
    stageWhen(model, { frequency: 6, recency: 430, silence: 3, last_gap: 30 }),
  ],
  then: ([first, then]) => {
    expect(first).toBe('won_back');
    expect(['active', 'loyal']).toContain(then);
  },
});

story('who ordered once is new, and no longer when their first gap has passed', {
  given: population,
  when: model =>
    [2, 400].map(silence => stageWhen(model, { frequency: 0, recency: 0, silence, last_gap: 0 })),
  then: ([fresh, old]) => {
    expect(fresh).toBe('new');
    expect(old).not.toBe('new');
  },
});
