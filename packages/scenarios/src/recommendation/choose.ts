import type { RecommendationTrial, Words } from '@bellwether/contracts';
import { Rng, sparseRowsAt, type SparseRows } from '@bellwether/ml';
import { learnContent } from './content.ts';
import { factorRecipes, neighbourRecipes, sequenceRecipes, type FitOptions, type Recipe } from './fit.ts';
import type { Learned, Method } from './learned.ts';
import { compared, estimateOf, listed, meanOf, measured, testedRows, type Measured } from './measure.ts';
import { historyAt, type Past } from './past.ts';
import { learnRanker, SIGNALS, type RankedRows, type Ranker } from './ranker.ts';
import { shelfOf, type Shelf } from './shelf.ts';

/** How the sources are learned, each by the recipe that did best. */
export interface Recipes {
  factors: ReturnType<typeof factorRecipes>[number];
  neighbours: ReturnType<typeof neighbourRecipes>[number];
  sequence: ReturnType<typeof sequenceRecipes>[number];
}

export interface Choice {
  recipes: Recipes;
  method: Method;
  ranker: Ranker | undefined;
  why: Words;
  trials: RecommendationTrial[];
}

/** A way of recommending with how it did on the validation period. */
interface Competitor {
  name: string;
  method: Method;
  parameters: Readonly<Record<string, number>>;
  found: Measured;
}

/** Customers of the validation period that ways are compared on, at most. */
const COMPARED = 4000;

/**
 * Lets every way of recommending compete on what customers bought after a moment inside the training period: the recipes of
 * each source, the sources, and all of them weighed together by a re-ranker, which is judged on customers whose purchases
 * it did not see (the even rows by what was learned of the odd ones, and the other way round).
 */
export async function choose(past: Past, bought: SparseRows, options: FitOptions): Promise<Choice> {
  const rows = sampled(testedRows(bought), COMPARED, options.seed);
  const arena = { past, bought, rows, options };
  const count = past.catalogue.length;
  const popular = await judged(arena, { products: [], method: 'popularity' }, 'popularity', {});
  const factors = await bestRecipe(arena, factorRecipes(count), found => ({ factors: found, method: 'als' }));
  const neighbours = await bestRecipe(arena, neighbourRecipes(count), found => ({
    neighbours: found,
    method: 'neighbours',
  }));
  const sequence = await bestRecipe(arena, sequenceRecipes(count), found => ({
    sequence: found,
    method: 'sequential',
  }));
  const content = await learnContent(past.catalogue, new Rng(options.seed));
  const products = past.catalogue.map(({ product_id }) => product_id);
  const parts = {
    products,
    content,
    factors: factors.part,
    neighbours: neighbours.part,
    sequence: sequence.part,
  };
  const singles = [popular, factors.competitor, neighbours.competitor, sequence.competitor];
  if (content) singles.push(await judged(arena, { products, content, method: 'content' }, 'content', {}));
  const weighed = await reRanked(arena, { ...parts, method: 're-ranker' });
  const chosen = chosenOf(popular, singles, weighed?.competitor);
  return {
    recipes: { factors: factors.recipe, neighbours: neighbours.recipe, sequence: sequence.recipe },
    method: chosen.winner.method,
    ranker: weighed?.ranker,
    why: chosen.why,
    trials: trialsOf(weighed ? [...singles, weighed.competitor] : singles, chosen.winner),
  };
}

interface Arena {
  past: Past;
  bought: SparseRows;
  rows: readonly number[];
  options: FitOptions;
}

async function judged(
  { past, bought, rows, options }: Arena,
  learned: Learned,
  name: string,
  parameters: Readonly<Record<string, number>>,
): Promise<Competitor> {
  const found = await measured(shelfOf(learned, past.catalogue), past, bought, rows, options.signal);
  return { name, method: learned.method, parameters, found };
}

/** The recipe with the best quality; of equal ones the first. */
async function bestRecipe<T>(
  arena: Arena,
  recipes: readonly Recipe<T>[],
  learnedOf: (part: T) => Omit<Learned, 'products'>,
): Promise<{ recipe: Recipe<T>; part: T; competitor: Competitor }> {
  const { past, options } = arena;
  const products = past.catalogue.map(({ product_id }) => product_id);
  let best: { recipe: Recipe<T>; part: T; competitor: Competitor } | undefined;
  for (const recipe of recipes) {
    options.signal?.throwIfAborted();
    const part = await recipe.fit(past.histories, options);
    const learned = { ...learnedOf(part), products };
    const competitor = await judged(arena, learned, recipe.name, recipe.parameters);
    if (best === undefined || qualityOf(competitor) > qualityOf(best.competitor))
      best = { recipe, part, competitor };
  }
  if (best === undefined) throw new RangeError('a source needs a recipe');
  return best;
}

const qualityOf = ({ found }: Competitor): number => meanOf(found.ndcg10);

/** Learns the re-ranker twice on half of the customers each, for an honest comparison, and once on all. */
async function reRanked(
  { past, bought, rows, options }: Arena,
  learned: Learned,
): Promise<{ ranker: Ranker; competitor: Competitor } | undefined> {
  const shelf = shelfOf(learned, past.catalogue);
  const rng = new Rng(options.seed);
  const halves = [0, 1].map(half => rows.filter((_, at) => at % 2 === half));
  const examples = halves.map(half => examplesOf(shelf, past, bought, half, rng));
  const [even, odd] = await Promise.all(examples.map(rowsOf => learnRanker(rowsOf, rng)));
  const ranker = await learnRanker(
    { signals: examples.flatMap(one => one.signals), bought: examples.flatMap(one => one.bought) },
    rng,
  );
  if (even === undefined || odd === undefined || ranker === undefined) return undefined;
  const lists = rows.map(
    (row, at) =>
      shelf.rank(historyAt(past.histories, row), { k: 20, ranker: at % 2 === 0 ? odd : even }).items,
  );
  const found = compared({ lists: listed(lists), truth: sparseRowsAt(bought, rows), before: past.histories });
  return { ranker, competitor: { name: 're-ranker', method: 're-ranker', parameters: {}, found } };
}

/** Products that were not bought, to one customer: as many as tell the signals apart. */
const OTHERS = 40;

function examplesOf(
  shelf: Shelf,
  past: Past,
  bought: SparseRows,
  rows: readonly number[],
  rng: Rng,
): RankedRows {
  const out: RankedRows = { signals: [], bought: [] };
  const width = SIGNALS.length;
  for (const row of rows) {
    const { items, signals } = shelf.candidates(historyAt(past.histories, row), { k: 20 });
    const truth = new Set(bought.indices.subarray(bought.offsets[row], bought.offsets[row + 1]));
    const share = OTHERS / Math.max(1, items.length);
    items.forEach((item, at) => {
      const isBought = truth.has(item);
      if (!isBought && rng.uniform() > share) return;
      out.bought.push(Number(isBought));
      for (let j = 0; j < width; j++) out.signals.push(signals[at * width + j]);
    });
  }
  return out;
}

function sampled(rows: readonly number[], most: number, seed: number): number[] {
  if (rows.length <= most) return [...rows];
  return [...new Rng(seed).permutation(rows.length).subarray(0, most)]
    .sort((a, b) => a - b)
    .map(at => rows[at]);
}

/**
 * The re-ranker where it is better than the best single source; that one where it is not. Neither, where it is not better
 * than what is popular beyond chance: what is not seen to help is not used.
 */
function chosenOf(
  popular: Competitor,
  singles: readonly Competitor[],
  weighed: Competitor | undefined,
): { winner: Competitor; why: Words } {
  const best = singles.reduce((first, one) => (qualityOf(one) > qualityOf(first) ? one : first));
  const winner = weighed !== undefined && qualityOf(weighed) > qualityOf(best) ? weighed : best;
  if (winner === popular || !isSeen(winner, popular))
    return { winner: popular, why: plainWhy(best, popular) };
  return winner === weighed
    ? { winner, why: weighedWhy(weighed, best) }
    : { winner, why: singleWhy(best, weighed) };
}

function isSeen({ found }: Competitor, popular: Competitor): boolean {
  const gains = found.ndcg10.map((value, at) => value - popular.found.ndcg10[at]);
  const mean = meanOf(gains);
  const variance = meanOf(gains.map(gain => (gain - mean) ** 2));
  return mean > 1.96 * Math.sqrt(variance / Math.max(1, gains.length));
}

const told = (one: Competitor): string => `${one.name} ${qualityOf(one).toFixed(4)}`;

function plainWhy(best: Competitor, popular: Competitor): Words {
  return {
    en: `No way is seen to be better than what is popular on the validation period (nDCG@10: ${told(best)}, ${told(popular)}), so everybody is shown what is popular.`,
    'zh-CN': `在验证期内没有方法明显优于热销榜（nDCG@10：${told(best)}，${told(popular)}），因此向所有人展示热销商品。`,
  };
}

function weighedWhy(weighed: Competitor, best: Competitor): Words {
  return {
    en: `All sources weighed together are better on the validation period than the best alone (nDCG@10: ${told(weighed)}, ${told(best)}).`,
    'zh-CN': `在验证期内，综合所有来源的重排优于最好的单一来源（nDCG@10：${told(weighed)}，${told(best)}）。`,
  };
}

function singleWhy(best: Competitor, weighed: Competitor | undefined): Words {
  const other = weighed === undefined ? '' : told(weighed);
  return {
    en: `Weighing the sources together is not better on the validation period than the best alone, which is used (nDCG@10: ${told(best)}${other && `, ${other}`}).`,
    'zh-CN': `在验证期内，综合重排不优于最好的单一来源，故使用后者（nDCG@10：${told(best)}${other && `，${other}`}）。`,
  };
}

function trialsOf(all: readonly Competitor[], winner: Competitor): RecommendationTrial[] {
  return [...all]
    .sort((a, b) => qualityOf(b) - qualityOf(a))
    .map(one => ({
      name: one.name,
      parameters: { ...one.parameters },
      ndcg_10: estimateOf(one.found.ndcg10),
      chosen: one === winner,
    }));
}
