import type { FastifyInstance } from 'fastify';
import type { Installation } from '../installation.ts';

/** `/healthz`: the process answers. `/readyz`: so do its engines. */
export function mountHealth(app: FastifyInstance, { engines }: Installation): void {
  const hidden = { schema: { hide: true } };
  app.get('/healthz', hidden, async () => ({ ok: true }));
  app.get('/readyz', hidden, async (_, reply) => {
    const states = engines.states().map(({ name, state }) => ({ name, state }));
    const ready = states.every(({ state }) => state === 'up');
    return reply.code(ready ? 200 : 503).send({ ready, engines: states });
  });
}
