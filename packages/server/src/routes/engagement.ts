import { api, type JourneyResults } from '@bellwether/contracts';
import {
  changeJourney,
  countAudience,
  createAudience,
  createJourney,
  getAudience,
  getJourney,
  journeyMessages,
  journeyResults,
  listAudiences,
  listJourneys,
  listTemplates,
  parseCondition,
  previewTemplate,
  printCondition,
  refreshAudience,
  saveTemplate,
  setJourneyState,
} from '@bellwether/engagement';
import type { Mount } from '../http/mount.ts';
import type { Installation } from '../installation.ts';
import { getMail, listMails } from '../mail/sink.ts';
import { truthOf } from '../read/truth.ts';
import { currencyOf } from '../read/currency.ts';

const { engagement: routes } = api;

export function mountEngagement(on: Mount, installation: Installation): void {
  const { engagement } = installation;
  const { records } = installation.stores;
  on(routes.audiences, () => listAudiences(engagement));
  on(routes.createAudience, ({ body }) => createAudience(engagement, body));
  on(routes.audience, ({ params }) => getAudience(engagement, params.id));
  on(routes.refreshAudience, ({ params }) => refreshAudience(engagement, params.id));
  on(routes.countAudience, ({ body }) => countAudience(engagement, body));
  on(routes.readCondition, async ({ body }) => {
    const where = 'text' in body ? parseCondition(body.text) : body.where;
    return { where, text: printCondition(where) };
  });
  on(routes.journeys, () => listJourneys(engagement));
  on(routes.createJourney, ({ body }) => createJourney(engagement, body));
  on(routes.journey, ({ params }) => getJourney(engagement, params.id));
  on(routes.changeJourney, ({ params, body }) => changeJourney(engagement, params.id, body));
  on(routes.setJourneyState, ({ params, body }) => setJourneyState(engagement, params.id, body.state));
  on(routes.journeyResults, async ({ params }): Promise<JourneyResults> => {
    const results = await journeyResults(engagement, params.id);
    const [truth, currency] = await Promise.all([truthOf(records, params.id), currencyOf(installation)]);
    return { ...results, truth, currency };
  });
  on(routes.messages, ({ params, query }) => journeyMessages(engagement, params.id, query));
  on(routes.templates, () => listTemplates(engagement));
  on(routes.saveTemplate, ({ params, body }) => saveTemplate(engagement, params.id, body));
  on(routes.previewTemplate, ({ params, body }) => previewTemplate(engagement, params.id, body.customer_id));
  on(routes.mails, ({ query }) => listMails(records, query));
  on(routes.mail, ({ params }) => getMail(records, params.id));
}
