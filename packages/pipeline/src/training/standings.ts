import type { ClassifierFamily, FamilyTrial, Words } from '@bellwether/contracts';
import { bootstrapAll, methodOf, ranked, Rng } from '@bellwether/ml';
import { excessOf, isWithinError, meanOf, type HeldBack, type Tuned } from './tune.ts';

/** Each family by the name that a reader knows. */
export const FAMILY_WORDS: Readonly<Record<ClassifierFamily, Words>> = {
  logistic: { en: 'logistic regression', 'zh-CN': '逻辑回归' },
  tree: { en: 'decision tree', 'zh-CN': '决策树' },
  forest: { en: 'random forest', 'zh-CN': '随机森林' },
  boosting: { en: 'boosted trees', 'zh-CN': '梯度提升树' },
  perceptron: { en: 'perceptron', 'zh-CN': '多层感知机' },
};

/**
 * All families on the rows that were held back, with intervals; the simplest whose log loss is within one standard error of
 * the best is chosen, and each is told why it is or is not.
 *
 * @param all the simplest first
 */
export async function standingsOf(
  all: readonly Tuned[],
  seed: number,
  signal: AbortSignal | undefined,
): Promise<FamilyTrial[]> {
  const best = all.reduce((least, next) => (lossOf(next) < lossOf(least) ? next : least));
  const chosen = all.find(({ held }) => isWithinError(held, best.held)) ?? best;
  const standings: FamilyTrial[] = [];
  for (const one of all) {
    const { candidate, point, trials, rows, took } = one;
    standings.push({
      family: candidate.family,
      method: methodOf(candidate.make(point)),
      parameters: { ...point },
      ...(await figuresOf(one.held, seed, signal)),
      ...{ trials, rows, seconds: took / 1000, chosen: one === chosen },
      why: whyOf(one, best, chosen),
    });
  }
  return standings;
}

function lossOf({ held }: Tuned): number {
  return meanOf(held.losses);
}

async function figuresOf(
  { logOdds, target, losses, groups }: HeldBack,
  seed: number,
  signal: AbortSignal | undefined,
): Promise<Pick<FamilyTrial, 'log_loss' | 'auc'>> {
  const statistics = { log_loss: weightedMean(losses), auc: ranked(logOdds, target) };
  const rounds = target.length > 20_000 ? 60 : 200;
  return bootstrapAll(target.length, statistics, { rng: new Rng(seed), rounds, groups, signal });
}

function weightedMean(values: Float64Array): (weights?: Float64Array) => number {
  return weights => {
    if (weights === undefined) return meanOf(values);
    let [sum, total] = [0, 0];
    for (let row = 0; row < values.length; row++) {
      sum += weights[row] * values[row];
      total += weights[row];
    }
    return sum / total;
  };
}

function whyOf(one: Tuned, best: Tuned, chosen: Tuned): Words {
  const name = (tuned: Tuned, language: keyof Words): string =>
    FAMILY_WORDS[tuned.candidate.family][language];
  const { excess, error } = excessOf(one.held, best.held);
  const [by, within] = [excess.toFixed(4), error.toFixed(4)];
  if (one === chosen && one === best)
    return {
      en: 'Chosen: the lowest log loss on what was held back.',
      'zh-CN': '入选：在留出数据上对数损失最低。',
    };
  if (one === chosen)
    return {
      en: `Chosen: the simplest whose log loss is within one standard error (${within}) of the lowest, that of ${name(best, 'en')}.`,
      'zh-CN': `入选：对数损失与最低者（${name(best, 'zh-CN')}）相差不超过一个标准误（${within}），且最简单。`,
    };
  if (isWithinError(one.held, best.held))
    return {
      en: `Not chosen: no better beyond chance than ${name(chosen, 'en')}, which is simpler.`,
      'zh-CN': `未入选：并未显著优于更简单的${name(chosen, 'zh-CN')}。`,
    };
  return {
    en: `Not chosen: its log loss is ${by} above that of ${name(best, 'en')}, more than one standard error (${within}).`,
    'zh-CN': `未入选：对数损失比${name(best, 'zh-CN')}高 ${by}，超过一个标准误（${within}）。`,
  };
}
