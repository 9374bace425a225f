import { api } from '@bellwether/contracts';
import { customerScores } from '@bellwether/pipeline';
import { recordConsent } from '@bellwether/privacy';
import { scenarios } from '@bellwether/scenarios';
import { DONE, type Mount } from '../http/mount.ts';
import type { Installation } from '../installation.ts';
import { factsOf, messagesTo, ordersOf, similarTo } from '../read/customer-story.ts';
import { getCustomer, listCustomers, timelineOf } from '../read/customers.ts';
import { currencyOf } from '../read/currency.ts';

const { customers } = api;

export function mountCustomers(on: Mount, installation: Installation): void {
  const { stores } = installation;
  on(customers.list, ({ query }) => listCustomers(stores, query));
  on(customers.get, async ({ params }) => getCustomer(stores, params.id, await currencyOf(installation)));
  on(customers.timeline, ({ params, query }) => timelineOf(stores, params.id, query));
  on(customers.scores, ({ params }) => customerScores(stores.warehouse, params.id));
  on(customers.facts, ({ params }) => factsOf(stores, params.id));
  on(customers.orders, ({ params }) => ordersOf(stores, params.id));
  on(customers.messages, ({ params }) => messagesTo(stores, params.id));
  on(customers.similar, ({ params }) => similarTo(stores, params.id, scenarios[0]?.name ?? ''));
  on(customers.setConsent, async ({ params, body }, { request }) => {
    await recordConsent(stores.records, {
      ...body,
      customerId: params.id,
      source: `console:${request.caller?.name ?? ''}`,
      at: new Date(stores.clock.now()),
    });
    return DONE;
  });
}
