import rateLimit from '@fastify/rate-limit';
import { api, AppError } from '@bellwether/contracts';
import { recommendationUse } from '@bellwether/engagement';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { mounting } from '../http/mount.ts';
import type { Installation } from '../installation.ts';
import { listForPage, originsOf } from '../recommendation-use/door.ts';
import { builtWidget } from '../widget-build.ts';

/** What the widget of any page asks: its script, and products for its visitor. A key in the query needs no preflight. */
export async function mountWidget(app: FastifyInstance, installation: Installation): Promise<void> {
  await app.register(rateLimit, {
    max: installation.settings.callsPerMinute,
    timeWindow: '1 minute',
    keyGenerator: request => request.ip,
    errorResponseBuilder: (_, context) =>
      new AppError(
        'request.too_many',
        `more than ${context.max} calls in a minute; try again in ${context.after}`,
      ),
  });
  app.get('/widget.js', { schema: { hide: true } }, async (request, reply) => sendScript(request, reply));
  mounting(app)(api.impressions.widget, async ({ query }, { request, reply }) => {
    await allowOrigin(installation, request, reply);
    await mayTrack(installation, query.key);
    reply.header('cache-control', 'private, no-store');
    return listForPage(installation, query, request.headers['user-agent'] ?? '');
  });
}

/** A page of another site is told only where its address was allowed. */
async function allowOrigin(
  { settings, url, stores }: Installation,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  reply.header('vary', 'origin');
  const { origin } = request.headers;
  if (origin === undefined) return;
  const allowed = originsOf(await recommendationUse(stores.records), [
    settings.shopUrl,
    settings.publicUrl,
    url,
  ]);
  if (allowed.has(origin)) reply.header('access-control-allow-origin', origin);
  else
    throw new AppError(
      'access.origin',
      `pages of ${origin} may not show recommendations; add it to their origins`,
    );
}

async function mayTrack({ keys }: Installation, key: string): Promise<void> {
  const holder = await keys.holder(key);
  if (holder?.scopes.some(scope => scope === 'track' || scope === 'admin') === true) return;
  throw new AppError(
    'access.unauthenticated',
    'the write key is not known; a key with the scope track is needed',
  );
}

async function sendScript(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { script, tag } = await builtWidget();
  reply.headers({
    ...{ etag: tag, 'cache-control': 'public, max-age=300', 'access-control-allow-origin': '*' },
    'cross-origin-resource-policy': 'cross-origin',
  });
  if (request.headers['if-none-match'] === tag) return reply.code(304).send();
  return reply.type('text/javascript; charset=utf-8').send(script);
}
