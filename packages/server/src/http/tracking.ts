import rateLimit from '@fastify/rate-limit';
import { AppError } from '@bellwether/contracts';
import { TRACKING_PATHS, writeKeyOf, type Call } from '@bellwether/pipeline';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { KeyHolder } from '../accounts/keys.ts';
import type { Installation } from '../installation.ts';
import { problemOf } from './problems.ts';

const unzip = promisify(gunzip);

/** More than a batch may hold, so that the collection refuses what is too large with its own reason. */
const BODY_LIMIT = 1024 * 1024;
/** Requests with a key that nobody holds are kept for their owner to find, so many a minute and no more. */
const STRANGERS_KEPT = 60;
/** A page of any site may track, and so may ask whether it may. */
const PREFLIGHT = {
  'access-control-allow-methods': 'POST',
  'access-control-allow-headers': 'authorization, content-type, content-encoding',
  'access-control-max-age': '86400',
};
const TOLD = '{"success":true}';

/**
 * Segment's tracking calls, and nothing else that costs time: the body is not parsed here. It goes as bytes to the
 * collection, which answers once it is durable. Errors have the shape that Segment's clients know.
 */
export async function mountTracking(app: FastifyInstance, installation: Installation): Promise<void> {
  app.addHook('onRequest', async (_, reply) => void reply.header('access-control-allow-origin', '*'));
  await app.register(rateLimit, {
    max: installation.settings.trackingPerMinute,
    timeWindow: '1 minute',
    keyGenerator: request => request.headers.authorization ?? request.ip,
    errorResponseBuilder: (_, context) =>
      new AppError(
        'request.too_many',
        `more than ${context.max} calls in a minute; try again in ${context.after}`,
      ),
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: BODY_LIMIT }, (_, body, done) =>
    done(null, body),
  );
  app.setErrorHandler((error, request, reply) => answerFailure(error, request, reply));
  const track = tracker(installation);
  for (const [path, call] of Object.entries(TRACKING_PATHS)) {
    app.post(path, { schema: { hide: true } }, (request, reply) => track(call, request, reply));
    app.options(path, { schema: { hide: true } }, async (_, reply) =>
      reply.code(204).headers(PREFLIGHT).send(),
    );
  }
}

function tracker({ keys, collection, wall }: Installation) {
  const strangers = { minute: 0, kept: 0 };

  /** A key that nobody holds is a fault that its owner looks for: the request is kept with its reason. */
  async function turnAway(body: Buffer): Promise<AppError> {
    const minute = Math.floor(wall.now() / 60_000);
    if (minute !== strangers.minute) Object.assign(strangers, { minute, kept: 0 });
    const sentence = 'the write key is not known; send it as the user of Basic auth';
    if (strangers.kept++ < STRANGERS_KEPT)
      await collection.refuse('unknown_write_key', sentence, body, 'unknown');
    return new AppError('access.unauthenticated', sentence);
  }

  return async (call: Call, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const body = await plain(request);
    const key = writeKeyOf(request.headers.authorization) ?? keyInBody(request, body);
    const holder = key === undefined ? undefined : await keys.holder(key);
    if (holder === undefined || !mayTrack(holder)) throw await turnAway(body);
    await collection.receive(call, body, holder.name);
    return reply.type('application/json').send(TOLD);
  };
}

function mayTrack({ scopes }: KeyHolder): boolean {
  return scopes.includes('track') || scopes.includes('admin');
}

/** Clients in browsers, and beacons above all, cannot set the header: the key stands in the body then. */
function keyInBody(request: FastifyRequest, body: Buffer): string | undefined {
  if (request.headers.authorization !== undefined) return undefined;
  return /"writeKey"\s*:\s*"([\w-]{1,100})"/.exec(body.toString('latin1'))?.[1];
}

async function plain(request: FastifyRequest): Promise<Buffer> {
  // a call without a body reaches no parser
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  if (request.headers['content-encoding'] !== 'gzip') return body;
  try {
    return await unzip(body, { maxOutputLength: BODY_LIMIT });
  } catch (error) {
    throw new AppError('request.not_gzip', 'the body says that it is gzip, and is not, or is too large', {
      cause: error,
    });
  }
}

/** Segment's clients try again after 429 and 5xx, and give up after other failures. */
function answerFailure(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const problem = problemOf(error, request);
  if (problem.status >= 500) request.log.error({ err: error, request: request.id }, problem.code);
  if (problem.status === 503) reply.header('retry-after', '1');
  if (problem.status === 401) reply.header('www-authenticate', 'Basic realm="write key"');
  const body = { success: false, code: problem.code, message: problem.detail };
  return reply.code(problem.status).type('application/json').send(JSON.stringify(body));
}
