import { api, type Route } from '@bellwether/contracts';
import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { extname, join, normalize } from 'node:path';
import * as customers from './customers-fixtures.ts';
import * as data from './data-fixtures.ts';
import * as deciding from './decision-fixtures.ts';
import { answers as lifecycle } from './lifecycle-fixtures.ts';
import { answers as people } from './people-fixtures.ts';
import * as engagement from './engagement-fixtures.ts';
import * as operations from './operations-fixtures.ts';
import { answers as impressions } from './impressions-fixtures.ts';
import * as recommendation from './recommendation-fixtures.ts';
import * as profile from './profile-fixtures.ts';
import { prediction, scenarioPage, summary } from './scenario-fixtures.ts';
import * as system from './system-fixtures.ts';
import { answers as tables } from './tables-fixtures.ts';

const made = { ...system, ...data, ...customers, ...engagement };

const done = { ok: true };
const [firstImport, firstJob] = [made.imports[0], made.jobs[0]];

/** The answer of each route, by method and path as contracts writes it. */
export const ANSWERS: Record<string, unknown> = {
  ...tables(firstJob),
  'POST /v1/session': made.user,
  'GET /v1/session': made.user,
  'DELETE /v1/session': done,
  'PUT /v1/session/password': done,
  'POST /v1/users/password': { email: 'li@example.com', password: 'twelve-words' },
  'GET /v1/keys': made.keys,
  'POST /v1/keys': { ...made.keys[0], key: 'bw_w3b_4f1c8a70b2' },
  'DELETE /v1/keys/:id': done,
  'GET /v1/overview': made.overview,
  'GET /v1/status': made.status,
  'GET /v1/jobs': made.jobs,
  'GET /v1/jobs/:id': firstJob,
  'POST /v1/jobs/:id/cancel': firstJob,
  'POST /v1/loop': firstJob,
  'GET /v1/arrivals': made.arrivals,
  'GET /v1/imports': made.imports,
  'GET /v1/imports/:id': firstImport,
  'POST /v1/uploads/:id/preview': made.preview,
  'DELETE /v1/uploads/:id': done,
  'POST /v1/imports': firstImport,
  'POST /v1/imports/:id/stop': firstImport,
  'POST /v1/imports/:id/resume': firstImport,
  'GET /v1/quarantine': made.quarantine,
  'POST /v1/quarantine/replay': { accepted: 120, refused: 20 },
  'POST /v1/imports/:id/replay': { accepted: 12, refused: 3 },
  'GET /v1/preparation': made.preparation,
  'GET /v1/quality': made.quality,
  'GET /v1/identity/merges': made.merges,
  'POST /v1/identity/merges': made.merges[0],
  'POST /v1/identity/merges/:id/undo': made.merges[0],
  'GET /v1/customers': { total: 4_338, rows: Array.from({ length: 50 }, (_, i) => made.customerRow(i)) },
  'GET /v1/customers/:id': made.customer,
  'GET /v1/customers/:id/timeline': made.timeline,
  'GET /v1/customers/:id/scores': made.customer.scores,
  'PUT /v1/customers/:id/consent': done,
  ...people,
  ...lifecycle,
  'GET /v1/scenarios': [summary],
  'GET /v1/scenarios/:name': scenarioPage,
  'POST /v1/scenarios/:name/train': firstJob,
  'POST /v1/scenarios/:name/score': firstJob,
  'POST /v1/scenarios/:name/score-changed': firstJob,
  'GET /v1/scenarios/:name/runs': operations.runs,
  'GET /v1/scenarios/:name/schedule': operations.schedule,
  'PUT /v1/scenarios/:name/schedule': operations.schedule,
  'GET /v1/scenarios/:name/performance': operations.performance,
  'GET /v1/scenarios/:name/drift': operations.drift,
  'GET /v1/scenarios/:name/compare': operations.comparison,
  'GET /v1/scenarios/:name/shadow': operations.shadow,
  'PUT /v1/scenarios/:name/shadow': operations.shadow,
  'GET /v1/scenarios/:name/versions/:version/card': operations.cardPage,
  'POST /v1/predict/:name': prediction,
  'POST /v1/scenarios/:name/versions/:version/promote': scenarioPage.versions[1],
  ...impressions,
  'GET /v1/recommendations': recommendation.recommendations,
  'GET /v1/recommendations/settings': recommendation.recommendationSettings,
  'PUT /v1/recommendations/settings': done,
  'GET /v1/settings/value': deciding.valueSettings,
  'PUT /v1/settings/value': deciding.valueSettings,
  'POST /v1/scenarios/:name/decision': deciding.decision,
  'POST /v1/scenarios/:name/what-if': deciding.whatIf,
  'GET /v1/profile': profile.profileOverview,
  'GET /v1/profile/rfm': profile.rfm,
  'GET /v1/customers/:id/profile': profile.customerProfile,
  'PUT /v1/segments/:id': done,
  'GET /v1/traits': profile.traits,
  'GET /v1/traits/:name': profile.traits[0],
  'PUT /v1/traits/:name': profile.traits[2],
  'DELETE /v1/traits/:name': done,
  'POST /v1/traits/preview': profile.traitPreview,
  'POST /v1/traits/compute': firstJob,
  'GET /v1/lookalikes': profile.lookalikes,
  'POST /v1/lookalikes': profile.lookalikes[0],
  'GET /v1/lookalikes/:id/members': profile.lookalikeMembers,
  'GET /v1/audiences': made.audiences,
  'POST /v1/audiences': made.audiences[0],
  'GET /v1/audiences/:id': made.audiences[0],
  'POST /v1/audiences/:id/refresh': made.audiences[0],
  'POST /v1/audiences/read': {
    where: { kind: 'field', field: 'country', test: { op: 'is', value: 'China' } },
    text: 'country is "China"',
  },
  'POST /v1/audiences/count': {
    size: 1_420,
    sample: [{ customer_id: '17850', name: 'Li Wei', email: 'li@example.com' }],
  },
  'GET /v1/journeys': made.journeys,
  'POST /v1/journeys': made.journeys[1],
  'GET /v1/journeys/:id': made.journey,
  'PUT /v1/journeys/:id': made.journey,
  'PUT /v1/journeys/:id/state': made.journey,
  'GET /v1/journeys/:id/results': made.journeyResults,
  'GET /v1/journeys/:id/messages': made.messages,
  'GET /v1/templates': made.templates,
  'PUT /v1/templates/:id': made.templates[0],
  'POST /v1/templates/:id/preview': { subject: 'Hello', html: '<p>Hello</p>', text: 'Hello', missing: [] },
  'GET /v1/sink/mails': made.mails,
  'GET /v1/sink/mails/:id': made.mail,
};

export const ROUTES: readonly Route[] = Object.values(api).flatMap(group => Object.values(group) as Route[]);

/** A tiny server for the browser tests: the built console, and an answer for every route. */
export function startFixtureServer(folder: string): Promise<{ url: string; server: Server }> {
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://host').pathname;
    if (!path.startsWith('/v1/')) return sendFile(folder, path, response);
    if (path === '/v1/session' && request.method === 'POST')
      response.setHeader('set-cookie', 'session=1; Path=/');
    else if (!(request.headers.cookie ?? '').includes('session=1'))
      return send(response, 401, { ...problem(401), code: 'access.unauthenticated' });
    return answer(request, path, response);
  });
  return new Promise(resolve => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      resolve({ url: `http://127.0.0.1:${port}`, server });
    });
  });
}

function answer(request: IncomingMessage, path: string, response: ServerResponse): void {
  if (path === '/v1/uploads') return send(response, 200, made.preview);
  const found = ROUTES.filter(route => route.method === request.method && pattern(route.path).test(path));
  // a path without parameters goes before one with
  const route = found.sort((a, b) => a.path.split(':').length - b.path.split(':').length)[0];
  const value = route && ANSWERS[`${route.method} ${route.path}`];
  if (value === undefined) return send(response, 404, problem(404));
  send(response, 200, value);
}

const pattern = (path: string): RegExp => new RegExp(`^${path.replaceAll(/:[a-z_]+/g, '[^/]+')}$`);
const problem = (status: number) => ({
  type: 'about:blank',
  title: 'No',
  status,
  detail: 'there is nothing here',
  code: 'request.unknown_path',
});

function send(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

function sendFile(folder: string, path: string, response: ServerResponse): void {
  const wanted = join(folder, normalize(path));
  const file = existsSync(wanted) && statSync(wanted).isFile() ? wanted : join(folder, 'index.html');
  response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' });
  createReadStream(file).pipe(response);
}
