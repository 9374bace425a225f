import { sentenceOf } from '@bellwether/contracts';
import { currentlyDenied, recordConsent, suppress } from '@bellwether/privacy';
import type { Database, Selectable } from '@bellwether/records';
import { feedMessages } from '../delivery/feed.ts';
import { nowOf, type Engagement } from '../engagement.ts';
import type { LinkContent } from './links.ts';
import { pageOf, type PageKind } from './pages.ts';

/** What a server knows of a request to a tracked link. */
export interface LinkRequest {
  token: string;
  acceptLanguage?: string;
}

/** What it answers. */
export interface LinkReply {
  status: number;
  headers: Record<string, string>;
  body: string | Buffer;
}

export type LinkHandler = (request: LinkRequest) => Promise<LinkReply>;

/** `open` for GET /o/:token, `click` for GET /c/:token, `unsubscribePage` and `unsubscribe` for GET and POST /u/:token. */
export interface TrackedLinks {
  open: LinkHandler;
  click: LinkHandler;
  unsubscribePage: LinkHandler;
  unsubscribe: LinkHandler;
}

/** A transparent image of one pixel. */
const PIXEL = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');
const NOT_KEPT = { 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' };

/**
 * The handlers behind the links of messages; a server mounts them at `publicUrl`. A recipient comes first: a click is
 * led on and an image shown even when it cannot be counted.
 */
export function trackedLinks(engagement: Engagement): TrackedLinks {
  const page = (status: number, kind: PageKind, { acceptLanguage = '' }: LinkRequest): LinkReply => ({
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': PAGE_POLICY,
      ...NOT_KEPT,
    },
    body: pageOf(kind, engagement.shop.name, acceptLanguage),
  });
  return {
    open: async ({ token }) => {
      const content = engagement.links.read('o', token);
      if (content !== undefined) await count(engagement, content, 'opened');
      return { status: 200, headers: { 'content-type': 'image/gif', ...NOT_KEPT }, body: PIXEL };
    },
    click: async request => {
      const content = engagement.links.read('c', request.token);
      if (content?.url === undefined) return page(404, 'bad', request);
      await count(engagement, content, 'clicked');
      return { status: 302, headers: { location: content.url, ...NOT_KEPT }, body: '' };
    },
    unsubscribePage: async request => {
      const known = engagement.links.read('u', request.token) !== undefined;
      return known ? page(200, 'ask', request) : page(404, 'bad', request);
    },
    unsubscribe: async request => {
      const content = engagement.links.read('u', request.token);
      if (content?.customer === undefined) return page(404, 'bad', request);
      const done = await unsubscribe(engagement, content.key, content.customer);
      return done ? page(200, 'done', request) : page(503, 'later', request);
    },
  };
}

const PAGE_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'";

async function count(
  engagement: Engagement,
  { key, url }: LinkContent,
  what: 'opened' | 'clicked',
): Promise<void> {
  try {
    const message = await messageOf(engagement, key);
    if (message === undefined) return;
    const fact = { ...message, what, reason: url ?? '', at: nowOf(engagement) };
    await feedMessages(engagement.stores.records, [fact]);
  } catch (error) {
    engagement.log('link.not_counted', { key, what, error: sentenceOf(error) });
  }
}

/** Consent withdrawn, address suppressed, told to the warehouse: together or not at all. */
async function unsubscribe(engagement: Engagement, key: string, customerId: string): Promise<boolean> {
  const at = nowOf(engagement);
  try {
    const message = await messageOf(engagement, key);
    await engagement.stores.records.transaction().execute(async transaction => {
      if (await currentlyDenied(transaction, customerId, 'email', 'marketing')) return;
      const consent = { customerId, channel: 'email', purpose: 'marketing', state: 'denied' } as const;
      await recordConsent(transaction, {
        ...consent,
        source: 'unsubscribe_link',
        proof: `message ${key}`,
        at,
      });
      if (message === undefined || message.address === '') return;
      await suppress(transaction, { channel: 'email', address: message.address, reason: 'unsubscribed', at });
      await feedMessages(transaction, [{ ...message, what: 'unsubscribed', reason: '', at }]);
    });
    return true;
  } catch (error) {
    engagement.log('link.not_unsubscribed', { key, error: sentenceOf(error) });
    return false;
  }
}

function messageOf({ stores }: Engagement, key: string): Promise<Selectable<Database['outbox']> | undefined> {
  return stores.records.selectFrom('outbox').selectAll().where('key', '=', key).executeTakeFirst();
}
