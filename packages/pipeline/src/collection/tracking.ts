import type { Call } from './judge.ts';

/**
 * The paths of Segment's HTTP tracking API, all POST, and the call that each makes: the documented ones and the short
 * ones that browser clients use. A request's body is handed on as bytes (`Collection.receive`), whatever its content
 * type says: browsers send text/plain, so that no preflight is needed.
 */
export const TRACKING_PATHS: Readonly<Record<string, Call>> = {
  '/v1/track': 'track',
  '/v1/identify': 'identify',
  '/v1/page': 'page',
  '/v1/screen': 'screen',
  '/v1/group': 'group',
  '/v1/alias': 'alias',
  '/v1/batch': 'batch',
  '/v1/import': 'batch',
  '/v1/t': 'track',
  '/v1/i': 'identify',
  '/v1/p': 'page',
  '/v1/s': 'screen',
  '/v1/g': 'group',
  '/v1/a': 'alias',
  '/v1/b': 'batch',
};

/** Every code that `Collection` throws, and whose fault it is: the server makes an HTTP status of it. */
export const COLLECTION_ERRORS = {
  'collection.too_large': {
    fault: 'size',
    says: 'the request is larger than the specification allows (413)',
  },
  'collection.not_json': { fault: 'client', says: 'the body is not JSON (400)' },
  'collection.not_an_object': { fault: 'client', says: 'the body is not a JSON object (400)' },
  'collection.invalid_field': { fault: 'client', says: 'a batch call has no array "batch" (400)' },
  'collection.backlogged': { fault: 'load', says: 'too much waits for the warehouse (503 with Retry-After)' },
  'collection.journal_failed': {
    fault: 'disk',
    says: 'the disk does not take the event (503 with Retry-After)',
  },
  'collection.closed': { fault: 'load', says: 'the server is stopping (503 with Retry-After)' },
  'collection.journal_newer': { fault: 'folder', says: 'at opening: a later version wrote the folder' },
  'collection.journal_damaged': { fault: 'folder', says: 'the journal on the disk is not what was written' },
} as const satisfies Record<string, { fault: string; says: string }>;

/**
 * The write key of a tracking request: the user name of Basic authentication, its password being empty.
 *
 * @param authorization the header as it came
 * @returns the key, or undefined where the header holds none
 * @example
 * writeKeyOf('Basic d2tfMTIzOg==') // 'wk_123'
 */
export function writeKeyOf(authorization: string | undefined): string | undefined {
  const encoded = /^Basic +([A-Za-z0-9+/_=-]+) *$/i.exec(authorization ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const [key] = Buffer.from(encoded, 'base64').toString().split(':');
  return key === '' ? undefined : key;
}
