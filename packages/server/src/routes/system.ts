import { api } from '@bellwether/contracts';
import type { FastifyInstance } from 'fastify';
import type { Registry } from 'prom-client';
import { guard } from '../http/access.ts';
import type { Mount } from '../http/mount.ts';
import { statusOf, type Installation } from '../installation.ts';
import { overviewOf } from '../read/overview.ts';
import { VERSION } from '../version.ts';

const { system } = api;

export function mountSystem(
  on: Mount,
  app: FastifyInstance,
  installation: Installation,
  metrics: Registry,
): void {
  const { jobs } = installation;
  on(system.overview, () => overviewOf(installation));
  on(system.status, async () => statusOf(installation, VERSION));
  on(system.jobs, () => jobs.list());
  on(system.job, ({ params }) => jobs.get(params.id));
  on(system.cancelJob, ({ params }) => jobs.cancel(params.id));
  on(system.runLoop, () => jobs.enqueue('loop'));
  const hidden = { schema: { hide: true }, preParsing: guard('read') };
  app.get('/metrics', hidden, async (_, reply) =>
    reply.type(metrics.contentType).send(await metrics.metrics()),
  );
}
