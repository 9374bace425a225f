import { api, type Parsed, type Reply, type Route } from '@bellwether/contracts';
import type { FastifyInstance, FastifyReply, FastifyRequest, FastifySchema } from 'fastify';
import { guard } from './access.ts';

/** What a handler knows of the call beside its input. */
export interface Call {
  request: FastifyRequest;
  reply: FastifyReply;
}

/** What is answered where nothing is to be said. */
export const DONE = { ok: true } as const;

export type Handler<R> = (input: Parsed<R>, call: Call) => Promise<Reply<R>>;

/** Mounts routes on one application: `on(api.customers.list, ({ query }) => …)`. */
export type Mount = <R extends Route>(route: R, handler: Handler<R>, limit?: RateLimit) => void;

export interface RateLimit {
  max: number;
  timeWindow: string;
}

/** `account.signIn` and so on, from where a route stands in `api`. */
const NAMES: ReadonlyMap<unknown, { area: string; name: string }> = new Map(
  Object.entries(api).flatMap(([area, routes]) =>
    Object.entries(routes).map(([name, route]) => [route, { area, name }] as const),
  ),
);

/**
 * Gives the function by which every route of the contracts is mounted: its schemas check what comes in and write what
 * goes out, its access is asked before the body is read, and OpenAPI describes it.
 */
export function mounting(app: FastifyInstance): Mount {
  return (route, handler, rateLimit) => {
    app.route({
      method: route.method,
      url: route.path,
      schema: schemaOf(route),
      preParsing: guard(route.access),
      ...(rateLimit === undefined ? {} : { config: { rateLimit } }),
      handler: async (request, reply) => {
        const { params, query, body } = request;
        // the validators made by the route's own schemas have parsed these
        return handler({ params, query, body } as Parsed<typeof route>, { request, reply });
      },
    });
  };
}

function schemaOf(route: Route): FastifySchema {
  const { area, name } = NAMES.get(route) ?? { area: 'other', name: route.path };
  return {
    summary: route.summary,
    operationId: `${area}.${name}`,
    tags: [area],
    security: route.access === 'public' ? [] : [{ key: [] }, { session: [] }],
    response: { 200: route.reply },
    ...(route.params === undefined ? {} : { params: route.params }),
    ...(route.query === undefined ? {} : { querystring: route.query }),
    ...(route.body === undefined ? {} : { body: route.body }),
  };
}
