import { api, AppError } from '@bellwether/contracts';
import {
  erasures,
  exportPerson,
  exportZip,
  liftHold,
  recordObjection,
  requestErasure,
} from '@bellwether/privacy';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { guard } from '../http/access.ts';
import { DONE, type Mount } from '../http/mount.ts';
import type { Installation } from '../installation.ts';

const { customers } = api;
const Params = z.object({ id: z.string().min(1).max(255) });
const Query = z.object({ format: z.enum(['json', 'zip']).default('json') });

/** The rights of a person: to object, to see and take along what is held of them, and to be erased. */
export function mountPrivacy(on: Mount, app: FastifyInstance, installation: Installation): void {
  const { stores, jobs, collection } = installation;
  const whoOf = ({ caller }: FastifyRequest): string => caller?.name ?? '';
  on(customers.setProfiling, async ({ params, body }, { request }) => {
    const at = new Date(stores.clock.now());
    const source = `console:${whoOf(request)}`;
    await recordObjection(stores, { customerId: params.id, objects: body.objects, source, at });
    return DONE;
  });
  on(customers.erase, async ({ params: { id }, body: { confirm, reason } }, { request }) => {
    if (confirm !== id)
      throw new AppError(
        'privacy.not_confirmed',
        `"${confirm}" is not the number of this customer; type ${id}`,
      );
    // what is acknowledged and not yet loaded must be there to be erased
    await collection.drained();
    const erasure = await requestErasure(stores, { customerId: id, reason, by: whoOf(request) });
    await jobs.enqueue('erase', erasure.id);
    return erasure;
  });
  on(customers.erasures, () => erasures(stores.records));
  on(customers.liftErasure, async ({ body }, { request }) => {
    await liftHold(stores, body.id, whoOf(request));
    return DONE;
  });
  mountExport(app, installation);
}

/** `GET /v1/customers/:id/export?format=json|zip`: everything held of one person, as a file. */
function mountExport(app: FastifyInstance, { stores }: Installation): void {
  const schema = {
    summary: 'Everything held of one person, as one JSON file or as CSV files in a ZIP',
    operationId: 'customers.export',
    tags: ['customers'],
    security: [{ key: [] }, { session: [] }],
    params: Params,
    querystring: Query,
  };
  app.get('/v1/customers/:id/export', { schema, preParsing: guard('write') }, async (request, reply) => {
    // the schemas above parsed both
    const { id } = request.params as z.output<typeof Params>;
    const { format } = request.query as z.output<typeof Query>;
    const person = await exportPerson(stores, id, new Date(stores.clock.now()));
    const name = `customer-${person.customer_id.replaceAll(/[^\w.-]/g, '_')}.${format}`;
    const type = format === 'json' ? 'application/json; charset=utf-8' : 'application/zip';
    reply.type(type).header('content-disposition', `attachment; filename="${name}"`);
    // a route without a reply of contracts is sent as it is
    return reply
      .serializer(String)
      .send(format === 'json' ? JSON.stringify(person, null, 2) : exportZip(person));
  });
}
