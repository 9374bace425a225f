import {
  AppError,
  DAY,
  type Estimate,
  type Figure,
  type LearnedSegment,
  type Milliseconds,
  type ModelVersion,
  type Need,
  type ProfileCard,
  type Words,
  type Work,
} from '@bellwether/contracts';
import { bootstrap, kMeans, methodOf, r2, Rng, type Table } from '@bellwether/ml';
import {
  assertReady,
  dataMoment,
  dataSpan,
  firstVerdict,
  keepVersion,
  keptVersion,
  laterVerdict,
  needOf,
  replacing,
  type DataSpan,
  type JudgeOptions,
  type Stores,
  type TrainOptions,
  type Verdict,
} from '@bellwether/pipeline';
import { chooseCount, type Choice } from './choose.ts';
import { descriptions, nameOf, sentencesOf } from './describe.ts';
import { CLUSTERED, FEATURES } from './features.ts';
import { judgement, overlaps, predictions, SPEND_SHARE, type Judgement } from './figures.ts';
import { HORIZON_DAYS, MOST, spenders, type Spenders } from './read.ts';
import { rfmParts, rfmRule } from './rfm.ts';
import { assign, bytesOf, findClusters, meansBy, segmentationFrom, type Segmentation } from './segments.ts';

export const NAME = 'customer-profile';
/** Segments are the same segment as long as this much of their customers is (Jaccard). */
const SAME = 0.4;
const LEAST = { customers: 200, historyDays: 3 * HORIZON_DAYS, buyers: 30 };

/** A version whose card is a profile's. */
export type ProfileVersion = ModelVersion & { card: ProfileCard };

export const BASELINE: Words = {
  en: 'the RFM score cut into as many groups',
  'zh-CN': '按 RFM 总分切成同样数量的组',
};

/** What segments need of the data, and what is there. */
export async function profileNeeds(stores: Stores): Promise<Need[]> {
  const now = await dataMoment(stores);
  const span = await dataSpan(stores.warehouse, now);
  const freshest = span ? new Date(span.last_at).toISOString() : null;
  const need = (en: string, zh: string, have: number, least: number): Need =>
    needOf({ en, 'zh-CN': zh }, have, least, freshest);
  return [
    need('known customers with a sale', '有购买记录的已知客户', span?.customers ?? 0, LEAST.customers),
    need(
      'days of order history',
      '天订单历史',
      span ? Math.floor((now - span.first_at) / DAY) : 0,
      LEAST.historyDays,
    ),
    need(
      `customers who bought in the last ${HORIZON_DAYS} days`,
      `最近 ${HORIZON_DAYS} 天内有购买的客户`,
      span ? await buyersSince(stores, now) : 0,
      LEAST.buyers,
    ),
  ];
}

async function buyersSince({ warehouse }: Stores, now: Milliseconds): Promise<number> {
  const { n } = await warehouse.one<{ n: number }>(
    `SELECT uniqExact(customer_id) AS n FROM sales
     WHERE known AND at > fromUnixTimestamp64Milli({since:Int64}) AND at <= fromUnixTimestamp64Milli({now:Int64})`,
    { since: now - HORIZON_DAYS * DAY, now },
  );
  return n;
}

/**
 * Finds segments in the customers as they were two horizons ago, learns what each spent in the horizon after, and tests
 * both on the last horizon beside the plain RFM rule.
 *
 * @throws AppError `scenario.not_ready` naming what the data lacks
 */
export async function trainProfile(
  stores: Stores,
  { seed = 1, exclude }: TrainOptions = {},
  work: Work = {},
): Promise<ProfileVersion> {
  await assertReady(stores, { name: NAME, needs: profileNeeds });
  const now = await dataMoment(stores);
  const span = await dataSpan(stores.warehouse, now);
  if (span === undefined) throw new AppError('scenario.not_ready', 'there are no sales to learn from');
  const options = { exclude, signal: work.signal };
  work.onProgress?.({ done: 0, unit: 'steps', step: 'train.features' });
  const past = await spenders(stores.warehouse, now - 2 * HORIZON_DAYS * DAY, options);
  const later = await spenders(stores.warehouse, now - HORIZON_DAYS * DAY, options);
  work.onProgress?.({ done: 1, unit: 'steps', step: 'train.fit' });
  const choice = await chooseCount(past, seed, work.signal);
  const found = await segmentationOf(past, choice.k, seed, work.signal);
  const champion = await keptProfile(stores);
  const named = sameKeys(found, champion, later.table);
  work.onProgress?.({ done: 2, unit: 'steps', step: 'train.test' });
  const judged = await judgement(named, later, { seed, signal: work.signal });
  const card = cardOf({ choice, segmentation: named, judged, past, later, span, seed, champion });
  const verdict = await verdictOf(named, judged, champion, later, seed);
  return keepVersion(stores.records, {
    card,
    model: bytesOf(named),
    at: new Date(stores.clock.now()),
    champion: champion?.version,
    verdict,
  });
}

async function segmentationOf(
  past: Spenders,
  k: number,
  seed: number,
  signal: AbortSignal | undefined,
): Promise<Segmentation> {
  const clusters = await findClusters(past.table, k, { rng: new Rng(seed), signal });
  const rule = rfmRule(past.table, k);
  const [labels, parts] = [assign(clusters, past.table), rfmParts(past.table, rule)];
  return {
    ...{ clusters, rule, keys: Array.from({ length: k }, (_, i) => `s${i + 1}`) },
    means: meansBy(labels, past.logSpend, k),
    ruleMeans: meansBy(parts, past.logSpend, k),
  };
}

export interface KeptProfile {
  version: number;
  card: ProfileCard;
  /** Nothing where it is of a form that is not read any more. */
  segmentation: Segmentation | undefined;
}

/** The version of that number, or the one in use; nothing where there is none. */
export async function keptProfile(
  { records }: Pick<Stores, 'records'>,
  version?: number,
): Promise<KeptProfile | undefined> {
  const kept = await keptVersion(records, NAME, version);
  if (kept === undefined || kept.card.kind !== 'profile') return undefined;
  return { version: kept.version, card: kept.card, segmentation: readable(kept.model) };
}

function readable(model: Uint8Array): Segmentation | undefined {
  try {
    return segmentationFrom(model);
  } catch {
    return undefined;
  }
}

/** New segments take the keys of the old ones that they share most customers with, so that names stay where people know them. */
export function sameKeys(found: Segmentation, champion: KeptProfile | undefined, table: Table): Segmentation {
  const old = champion?.segmentation;
  const [k, before] = [found.keys.length, old?.keys ?? []];
  const shared = old
    ? overlaps(assign(found.clusters, table), assign(old.clusters, table), k, before.length)
    : [];
  const pairs = shared
    .flatMap((row, cluster) => row.map((likeness, other) => ({ cluster, other, likeness })))
    .filter(pair => pair.likeness >= SAME)
    .sort((a, b) => b.likeness - a.likeness);
  const keys = Array.from({ length: k }, () => '');
  const used = new Set<number>();
  for (const { cluster, other } of pairs)
    if (keys[cluster] === '' && !used.has(other)) {
      keys[cluster] = before[other];
      used.add(other);
    }
  let next = Math.max(0, ...before.map(key => Number(key.slice(1))));
  return { ...found, keys: keys.map(key => (key === '' ? `s${++next}` : key)) };
}

interface CardParts {
  choice: Choice;
  segmentation: Segmentation;
  judged: Judgement;
  past: Spenders;
  later: Spenders;
  span: DataSpan;
  seed: number;
  champion: KeptProfile | undefined;
}

function cardOf(parts: CardParts): ProfileCard {
  const { choice, judged, past, later, span, seed } = parts;
  const wordsOf = (name: string): Words =>
    FEATURES.find(feature => feature.name === name)?.words ?? { en: name, 'zh-CN': name };
  return {
    kind: 'profile',
    scenario: NAME,
    estimator: `impute > powerTransform > ${methodOf(kMeans({ k: choice.k }))}`,
    parameters: { k: choice.k, columns: [...CLUSTERED] },
    seed,
    horizon_days: HORIZON_DAYS,
    train_moments: [iso(past.asOf)],
    test_moment: iso(later.asOf),
    train_rows: past.table.rows,
    baseline_name: BASELINE,
    beats_baseline: (judged.gain.low ?? 0) > 0,
    figures: judged.figures,
    data: {
      fingerprint: span.fingerprint,
      orders: span.orders,
      customers: span.customers,
      first_at: iso(span.first_at),
      last_at: iso(span.last_at),
    },
    limits: limitsOf(judged, span),
    clustered: CLUSTERED.map(name => ({ name, words: wordsOf(name) })),
    tried: choice.tried,
    why_k: choice.why,
    segments: segmentsOf(parts),
  };
}

function segmentsOf({ segmentation, judged, later, champion }: CardParts): LearnedSegment[] {
  const labels = assign(segmentation.clusters, later.table);
  const before = new Map(champion?.card.segments.map(segment => [segment.key, segment.name]));
  const taken: Words[] = segmentation.keys.flatMap(key => before.get(key) ?? []);
  const found = descriptions(later.table, labels).sort((a, b) => b.customers - a.customers);
  return found.map(({ cluster, customers, share, differences }) => {
    const key = segmentation.keys[cluster];
    const name = before.get(key) ?? nameOf(differences, taken);
    taken.push(name);
    return {
      ...{ key, name, customers, share, differences },
      stability: judged.jaccard[cluster],
      next_spend: spendOf(later, labels, cluster),
      sentences: sentencesOf(differences),
    };
  });
}

/** Mean spend of a segment's customers after the test moment, with the normal interval of a mean. */
function spendOf({ spend }: Spenders, labels: Int32Array, cluster: number): Estimate {
  const own = spend.filter((_, row) => labels[row] === cluster);
  const n = own.length;
  if (n < 2) return { value: n === 1 ? own[0] : null, low: null, high: null, n };
  const mean = own.reduce((sum, value) => sum + value, 0) / n;
  const variance = own.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1);
  const half = 1.959964 * Math.sqrt(variance / n);
  return { value: mean, low: Math.max(0, mean - half), high: mean + half, n };
}

function limitsOf({ jaccard, figures }: Judgement, span: DataSpan): Words[] {
  const loose = jaccard.filter(each => (each.value ?? 0) < 0.75).length;
  const told = percent(figures.find(each => each.name === 'spend_share')?.model.value ?? null);
  return [
    {
      en: `Segments describe customers. They tell ${told} of the variance of what a customer spends next: for one person's future, ask the purchase prediction.`,
      'zh-CN': `分群用于描述客户，仅能解释后续消费差异的 ${told}；预测个人行为请使用购买预测。`,
    },
    ...(loose === 0
      ? []
      : [
          {
            en: `${loose} of the segments change noticeably when other customers are drawn (Jaccard below 0.75): their borders are not sharp.`,
            'zh-CN': `有 ${loose} 个分群在重新抽样时变化明显（Jaccard 低于 0.75）：边界并不清晰。`,
          },
        ]),
    ...(span.customers <= MOST
      ? []
      : [
          {
            en: `Learned from, and tested on, a sample of ${MOST.toLocaleString('en-GB')} of ${span.customers.toLocaleString('en-GB')} customers; everybody is assigned.`,
            'zh-CN': `训练和测试使用 ${span.customers} 位客户中的 ${MOST} 位样本；所有客户都会被分配。`,
          },
        ]),
  ];
}

const percent = (value: number | null): string => (value === null ? '?' : `${(100 * value).toFixed(1)} %`);

async function verdictOf(
  fresh: Segmentation,
  { gain }: Judgement,
  champion: KeptProfile | undefined,
  later: Spenders,
  seed: number,
): Promise<Verdict> {
  if (champion === undefined) return firstVerdict(SPEND_SHARE, gain);
  const { version, segmentation } = champion;
  if (segmentation === undefined)
    return replacing(SPEND_SHARE, gain, {
      en: `Version ${version} was kept in a form that is not read any more`,
      'zh-CN': `版本 ${version} 的保存格式已不再支持`,
    });
  const [ours, theirs] = [fresh, segmentation].map(each => predictions(each, later.table).model);
  const over = await bootstrap(
    later.table.rows,
    weights => r2(ours, later.logSpend, weights) - r2(theirs, later.logSpend, weights),
    { rng: new Rng(seed), rounds: 300 },
  );
  return laterVerdict(SPEND_SHARE, version, over, gain);
}

/**
 * The figures of a kept version on a moment and the horizon after it.
 *
 * @throws AppError `scenario.no_version`, `scenario.bad_version`
 */
export async function judgeProfile(
  stores: Stores,
  version: number,
  asOf: Milliseconds,
  { seed = 1, exclude, signal }: JudgeOptions = {},
): Promise<Figure[]> {
  const { segmentation } = usable(await keptProfile(stores, version), `version ${version}`);
  const later = await spenders(stores.warehouse, asOf, { exclude, signal });
  return (await judgement(segmentation, later, { seed, signal })).figures;
}

/** @throws AppError `scenario.no_version`, `scenario.bad_version` */
function usable(kept: KeptProfile | undefined, what: string): KeptProfile & { segmentation: Segmentation } {
  if (kept === undefined) throw new AppError('scenario.no_version', `${NAME} has no ${what}`);
  return readableOnly(kept);
}

/** @throws AppError `scenario.bad_version` */
function readableOnly(kept: KeptProfile): KeptProfile & { segmentation: Segmentation } {
  const { segmentation, version } = kept;
  if (segmentation === undefined)
    throw new AppError(
      'scenario.bad_version',
      `version ${version} of ${NAME} was kept in a form that is not read any more: train it again`,
    );
  return { ...kept, segmentation };
}

/** @throws AppError `scenario.no_champion`, `scenario.bad_version` */
export async function championInUse(
  stores: Pick<Stores, 'records'>,
): Promise<KeptProfile & { segmentation: Segmentation }> {
  const kept = await keptProfile(stores);
  if (kept === undefined)
    throw new AppError('scenario.no_champion', `${NAME} has no version in use: train one, or promote one`);
  return readableOnly(kept);
}

function iso(moment: number): string {
  return new Date(moment).toISOString();
}
