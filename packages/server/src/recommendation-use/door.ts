import {
  AppError,
  RECOMMENDATION_EVENTS,
  type Recommendations,
  type RecommendationUse,
  type WidgetList,
  type WidgetQuery,
} from '@bellwether/contracts';
import { listArmOf, recommendationUse, type ListArm } from '@bellwether/engagement';
import type { Collection, Stores } from '@bellwether/pipeline';
import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import type { Secrets } from '../folder.ts';
import type { Recommender } from '../recommendation/live.ts';
import { isSignedBy, signingSecret } from './signature.ts';

type Query = z.output<typeof WidgetQuery>;

interface DoorParts {
  stores: Stores;
  secrets: Secrets;
  collection: Collection;
  recommender: Recommender;
}

/** Who asks, as far as the page may say; nobody where they wish not to be followed. */
interface Visitor {
  userId: string | undefined;
  anonymousId: string | undefined;
  userAgent: string;
}

/**
 * The list of one visitor of a page. That it was made, in which arm and with what in it, is durable before it is answered;
 * of a visitor who says nothing of who they are nothing is kept.
 *
 * @throws AppError `access.unsigned` when the id of a customer is not signed by the shop
 */
export async function listForPage(parts: DoorParts, query: Query, userAgent: string): Promise<WidgetList> {
  const visitor = { userId: signedUser(parts, query), anonymousId: query.anonymous_id, userAgent };
  const person = visitor.anonymousId === undefined ? visitor.userId : `anon:${visitor.anonymousId}`;
  const use = await recommendationUse(parts.stores.records);
  const arm = person === undefined ? undefined : listArmOf(person, query.surface, use);
  const shows = arm?.shows ?? 'recommended';
  const answer =
    shows === 'nothing' ? nothing() : await parts.recommender.answer(asked(query, visitor, shows));
  if (arm !== undefined) await keepServed(parts.collection, visitor, query.surface, arm, answer);
  return {
    request_id: answer.request_id,
    items: answer.items.map(({ product_id, position, title, price, currency, url, image_url }) => ({
      ...{ product_id, position, title, price, currency, url, image_url },
    })),
  };
}

/** A device keeps its arm when its visitor signs in: it is drawn by the visitor's id where there is one. */
function signedUser({ secrets }: DoorParts, { user_id, user_token }: Query): string | undefined {
  if (user_id === undefined) return undefined;
  if (isSignedBy(signingSecret(secrets), user_id, user_token ?? '')) return user_id;
  throw new AppError(
    'access.unsigned',
    'user_id needs a user_token: the HMAC-SHA256 of the id with the signing secret, in hexadecimal digits',
  );
}

type Asked = Parameters<Recommender['answer']>[0];

function asked(query: Query, visitor: Visitor, shows: 'recommended' | 'popular'): Asked {
  const { product_id, basket, k, surface, exclude } = query;
  if (shows === 'popular') return popularOf(query);
  return {
    ...{ k, surface, basket, exclude, product_id },
    ...{ customer_id: visitor.userId, anonymous_id: visitor.anonymousId },
  };
}

/** What the hold-out is shown instead: what is popular, under the same rules, without what they look at. */
export function popularOf({ k, surface, exclude, basket, product_id }: Asked): Asked {
  const shown = [...(exclude ?? []), ...(basket ?? []), ...(product_id === undefined ? [] : [product_id])];
  return { k, surface, exclude: shown };
}

const nothing = (): Pick<Recommendations, 'request_id' | 'items' | 'kind' | 'version'> => ({
  ...{ request_id: randomUUID(), items: [], kind: 'cold', version: 0 },
});

async function keepServed(
  collection: Collection,
  { userId, anonymousId, userAgent }: Visitor,
  surface: string,
  { arm, propensity }: ListArm,
  { request_id, items, kind, version }: ReturnType<typeof nothing>,
): Promise<void> {
  const products = items.map(({ product_id, position, source }) => ({ product_id, position, source }));
  const event = {
    event: RECOMMENDATION_EVENTS.served,
    messageId: `served:${request_id}`,
    ...{ userId, anonymousId, context: { userAgent } },
    properties: { request_id, surface, arm, propensity, kind, version, products },
  };
  await collection.receive('track', Buffer.from(JSON.stringify(event)), 'recommendations');
}

/** The addresses of pages that may show the widget. */
export function originsOf(use: RecommendationUse, own: readonly (string | undefined)[]): Set<string> {
  const addresses = own.filter(url => url !== undefined).map(url => new URL(url).origin);
  return new Set([...use.origins, ...addresses]);
}
