import {
  DAY,
  type Milliseconds,
  type ModelVersion,
  type ScenarioPage,
  type Words,
} from '@bellwether/contracts';
import type { Scenario } from '../features/index.ts';
import type { ScoreRun } from './runs.ts';

export type Advice = ScenarioPage['advice'];

/** What advice rests on. */
export interface Situation {
  scenario: Scenario;
  ready: boolean;
  versions: readonly ModelVersion[];
  run: ScoreRun | undefined;
  /** The data's own now. */
  now: Milliseconds;
  /** Said when what happened fell below what the champion's card promised. */
  alarm?: Words | null;
}

/** Whether to learn again, and why, in the order of what matters most. */
export function adviceOf({ scenario, ready, versions, run, now, alarm = null }: Situation): Advice {
  if (!ready) return say(false, 'There is not enough data to learn from yet.', '数据尚不足以训练。');
  const champion = versions.find(version => version.state === 'champion');
  if (versions.length === 0) return say(true, 'Nothing has been learned yet.', '尚未训练过模型。');
  if (champion === undefined)
    return say(
      true,
      'No version is in use: none ranked better than the baseline. Learn again with more data, or promote one by hand.',
      '没有在用的版本：尚无版本优于基线。请在数据更多时重新训练，或手动启用某一版本。',
    );
  const days = daysSince(versions[0], now);
  const learnable = days >= NEW_DATA_DAYS;
  if (alarm !== null) return { retrain: learnable, why: alarm };
  return aged(scenario, days) ?? (learnable ? drifted(champion, run) : undefined) ?? fresh(days);
}

/** Fewer days of new outcomes than this would teach nothing new. */
const NEW_DATA_DAYS = 7;

/** Days between the newest data that the newest version saw, champion or challenger, and now. */
function daysSince({ card }: ModelVersion, now: Milliseconds): number {
  return Math.floor((now - Date.parse(card.test_moment)) / DAY) - card.horizon_days;
}

function aged({ horizonDays }: Scenario, days: number): Advice | undefined {
  if (days < horizonDays) return undefined;
  return say(
    true,
    `${days} days have passed since the newest version was learned, a whole new period to learn from.`,
    `最新版本训练后已过 ${days} 天，有一个完整的新周期可供学习。`,
  );
}

function drifted(champion: ModelVersion, run: ScoreRun | undefined): Advice | undefined {
  if (run === undefined || run.version !== champion.version || run.drifted.length === 0) return undefined;
  const names = run.drifted.join(', ');
  return say(
    true,
    `Customers are no longer as they were when version ${champion.version} was tested: ${names} moved beyond noise.`,
    `客户特征已与版本 ${champion.version} 测试时不同：${names} 的变化超出噪声。`,
  );
}

function fresh(days: number): Advice {
  if (days <= 0) return say(false, 'The newest version has seen all the data.', '最新版本已学习了全部数据。');
  return say(
    false,
    `The newest version has seen all but the last ${days} days.`,
    `除最近 ${days} 天外，最新版本已学习了全部数据。`,
  );
}

function say(retrain: boolean, en: string, zh: string): Advice {
  return { retrain, why: { en, 'zh-CN': zh } };
}
