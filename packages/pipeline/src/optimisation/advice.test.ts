import { DAY, type ModelVersion } from '@bellwether/contracts';
import { purchasePrediction as scenario } from '@bellwether/scenarios';
import { expect, test } from 'vitest';
import { adviceOf } from './advice.ts';
import type { ScoreRun } from './runs.ts';

const now = Date.UTC(2026, 5, 1);

/** A champion whose newest data are this many days old. */
function learned(daysAgo: number, state: ModelVersion['state'] = 'champion'): ModelVersion {
  const test_moment = new Date(now - (daysAgo + scenario.horizonDays) * DAY).toISOString();
  // advice reads two fields of the card
  const card = { test_moment, horizon_days: scenario.horizonDays } as ModelVersion['card'];
  return {
    scenario: scenario.name,
    version: 1,
    state,
    created_at: '',
    promoted_at: null,
    why: { en: '', 'zh-CN': '' },
    card,
  };
}
const run = (drifted: string[]): ScoreRun => ({
  version: 1,
  as_of: '',
  scored_at: '',
  customers: 1,
  drift: {},
  drifted,
  score_drift: 0,
});

test.each([
  ['there is too little data', false, [], undefined, false, /not enough data/],
  ['nothing was learned yet', true, [], undefined, true, /Nothing has been learned/],
  ['no version is in use', true, [learned(3, 'challenger')], undefined, true, /No version is in use/],
  ['a whole period has passed', true, [learned(30)], run([]), true, /30 days have passed/],
  [
    'customers changed and there are new outcomes',
    true,
    [learned(10)],
    run(['orders']),
    true,
    /orders moved/,
  ],
  [
    'customers changed but all data was seen',
    true,
    [learned(0)],
    run(['orders']),
    false,
    /seen all the data/,
  ],
  ['nothing happened', true, [learned(10)], run([]), false, /all but the last 10 days/],
])('when %s', (_, ready, versions, last, retrain, sentence) => {
  const advice = adviceOf({ scenario, ready, versions, run: last, now });
  expect(advice.retrain).toBe(retrain);
  expect(advice.why.en).toMatch(sentence);
  expect(advice.why['zh-CN']).not.toBe('');
});
