import type { FastifyInstance } from 'fastify';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Installation } from '../installation.ts';
import { jobsByState } from '../jobs/jobs.ts';
import { messagesByState } from '../read/messages.ts';

/** Figures of this server in Prometheus' format; those of the stores are read when somebody looks. */
export function openMetrics(app: FastifyInstance, installation: Installation): Registry {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry, prefix: 'bellwether_' });
  countRequests(app, registers);
  countEvents(installation, registers);
  countByState(installation, registers);
  return registry;
}

function countRequests(app: FastifyInstance, registers: Registry[]): void {
  const requests = new Histogram({
    name: 'bellwether_http_request_seconds',
    help: 'Requests by route and status, and how long they took',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10],
    registers,
  });
  app.addHook('onResponse', async (request, reply) => {
    const { method, id } = request;
    const route = request.routeOptions.url ?? 'none';
    const status = String(reply.statusCode);
    requests.observe({ method, route, status }, reply.elapsedTime / 1000);
    request.log.debug({ request: id, method, route, status, ms: Math.round(reply.elapsedTime) }, 'answered');
  });
}

function countEvents({ collection }: Installation, registers: Registry[]): void {
  const events: Counter = new Counter({
    name: 'bellwether_events_total',
    help: 'Events by what became of them: accepted, duplicate, or refused for a reason',
    labelNames: ['outcome', 'reason'],
    registers,
    collect() {
      const { accepted, duplicates, refused } = collection.counts();
      events.reset();
      events.inc({ outcome: 'accepted', reason: '' }, accepted);
      events.inc({ outcome: 'duplicate', reason: '' }, duplicates);
      for (const [reason, count] of Object.entries(refused))
        events.inc({ outcome: 'refused', reason }, count);
    },
  });
  const waiting: Gauge = new Gauge({
    name: 'bellwether_journal_waiting_events',
    help: 'Events acknowledged and not yet in the warehouse',
    registers,
    collect: () => waiting.set(collection.state().waiting_events),
  });
}

function countByState({ stores: { records } }: Installation, registers: Registry[]): void {
  const gauge = (
    name: string,
    help: string,
    count: () => Promise<{ state: string; count: number }[]>,
  ): void => {
    const byState: Gauge = new Gauge({
      name,
      help,
      labelNames: ['state'],
      registers,
      async collect() {
        byState.reset();
        for (const { state, count: n } of await count()) byState.set({ state }, n);
      },
    });
  };
  gauge('bellwether_jobs', 'Jobs by state', () => jobsByState(records));
  gauge('bellwether_messages', 'Messages by state', () => messagesByState(records));
}
