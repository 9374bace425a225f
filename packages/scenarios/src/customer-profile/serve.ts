import { AppError, type Prediction } from '@bellwether/contracts';
import { dataMoment, type PredictRequest, type Stores, type Subjects } from '@bellwether/pipeline';
import { FEATURES } from './features.ts';
import { profileOf } from './read.ts';
import { place, tableOfOne } from './segments.ts';
import { championInUse, NAME } from './train.ts';

/**
 * The segment of one customer now: of one that is known, or of features that the caller gives.
 *
 * @throws AppError `scenario.no_champion`, `customer.unknown`, `request.unknown_feature`
 */
export async function predictSegment(stores: Stores, request: PredictRequest): Promise<Prediction> {
  const { version, card, segmentation } = await championInUse(stores);
  const { asOf, table } = await subjectOf(stores, request);
  const { cluster, closeness } = place(segmentation.clusters, table);
  const key = segmentation.keys[cluster[0]];
  const segment = card.segments.find(each => each.key === key);
  return {
    ...{ scenario: NAME, version, customer_id: request.customer_id ?? null },
    as_of: new Date(asOf).toISOString(),
    estimates: {
      closeness: { value: closeness[0], low: null, high: null, n: 1 },
      ...(segment && { next_spend: segment.next_spend }),
    },
    labels: { segment: key, ...(segment && { name: segment.name.en, name_zh: segment.name['zh-CN'] }) },
    reasons: request.reasons ? reasonsOf(table, segment?.differences ?? []) : [],
  };
}

async function subjectOf(stores: Stores, { customer_id, features }: PredictRequest): Promise<Subjects> {
  const asOf = await dataMoment(stores);
  if (customer_id === undefined)
    return {
      asOf,
      ids: [''],
      table: tableOfOne(
        FEATURES.map(({ name }) => name),
        features ?? {},
      ),
    };
  const known = await profileOf(stores.warehouse, asOf, customer_id);
  if (known.ids.length === 0)
    throw new AppError('customer.unknown', `${customer_id} is no customer who bought something`);
  return known;
}

/** The customer's own values of what sets the segment apart; the effect is the segment's difference in standard deviations. */
function reasonsOf(
  { names, columns }: Subjects['table'],
  differences: readonly { feature: string; difference: number }[],
): Prediction['reasons'] {
  return differences.slice(0, 5).map(({ feature, difference }) => {
    const value = columns[names.indexOf(feature)][0];
    return { feature, value: Number.isNaN(value) ? null : value, effect: difference };
  });
}
