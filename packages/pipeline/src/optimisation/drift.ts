import type { DriftHistory, DriftRun, Words } from '@bellwether/contracts';
import { sqlBeside } from '@bellwether/warehouse';
import type { Feature, Scenario } from '../features/index.ts';
import type { Stores } from '../stores.ts';

const DRIFT = sqlBeside(import.meta.url, 'drift.sql');

interface Row {
  version: number;
  as_of: string;
  scored_at: string;
  drift: Record<string, number>;
  noise: Record<string, number>;
  drifted: string[];
  score_drift: number;
  score_noise: number;
}

/** How far customers and scores had moved, run by run over everybody, the newest last. */
export async function driftHistory(
  { warehouse }: Stores,
  { name, features }: Pick<Scenario, 'name' | 'features'>,
): Promise<DriftHistory> {
  const rows = await warehouse.query<Row>(DRIFT, { scenario: name });
  const runs = rows.reverse().map(row => runFrom(row, features));
  return { runs, sentences: sentencesOf(runs.at(-1), features) };
}

function runFrom(
  { version, as_of, scored_at, drift, noise, drifted, score_drift, score_noise }: Row,
  features: readonly Feature[],
): DriftRun {
  return {
    ...{ version, as_of, scored_at },
    score: { psi: score_drift, noise: score_noise },
    features: features
      .filter(({ name }) => name in drift)
      .map(({ name }) => ({
        name,
        psi: drift[name],
        noise: noise[name] ?? 0,
        drifted: drifted.includes(name),
      })),
  };
}

function sentencesOf(run: DriftRun | undefined, features: readonly Feature[]): Words[] {
  const moved = (run?.features ?? []).filter(({ drifted }) => drifted).sort((a, b) => b.psi - a.psi);
  return moved.map(({ name, psi, noise }) => {
    const words = features.find(feature => feature.name === name)?.words;
    const plain = (locale: keyof Words): string => words?.[locale].replace('{value}', '…') ?? name;
    const [far, chance] = [psi.toFixed(2), noise.toFixed(3)];
    return {
      en: `“${plain('en')}” is spread otherwise than when the version was tested: ${far} (by chance up to ${chance}).`,
      'zh-CN': `“${plain('zh-CN')}”的分布与测试时不同：${far}（随机波动最多 ${chance}）。`,
    };
  });
}
