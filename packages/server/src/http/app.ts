import cookie from '@fastify/cookie';
import rateLimit from '@fastify/rate-limit';
import { AppError } from '@bellwether/contracts';
import Fastify, { LogController, type FastifyBaseLogger, type FastifyInstance } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { randomUUID } from 'node:crypto';
import type { Installation } from '../installation.ts';
import { mountAccount } from '../routes/account.ts';
import { mountCustomers } from '../routes/customers.ts';
import { mountData } from '../routes/data.ts';
import { mountDuplicates } from '../routes/duplicates.ts';
import { mountDecision } from '../routes/decision.ts';
import { mountEngagement } from '../routes/engagement.ts';
import { mountHealth } from '../routes/health.ts';
import { mountLifecycle } from '../routes/lifecycle.ts';
import { mountImpressions } from '../routes/impressions.ts';
import { mountLinks } from '../routes/links.ts';
import { mountRecommendation } from '../routes/recommendation.ts';
import { mountPrivacy } from '../routes/privacy.ts';
import { mountOperations } from '../routes/operations.ts';
import { mountReport } from '../routes/report.ts';
import { mountProfile } from '../routes/profile.ts';
import { mountScenarios } from '../routes/scenarios.ts';
import { mountSystem } from '../routes/system.ts';
import { mountTables } from '../routes/tables.ts';
import { mountUploads } from '../routes/uploads.ts';
import { mountWidget } from '../routes/widget.ts';
import { VERSION } from '../version.ts';
import { authenticate } from './access.ts';
import { serveConsole } from './console.ts';
import type { Registry } from 'prom-client';
import { openMetrics } from './metrics.ts';
import { mounting } from './mount.ts';
import { describeApi, serveReference } from './openapi.ts';
import { answerProblems } from './problems.ts';
import { secureHeaders } from './security.ts';
import { mountTracking } from './tracking.ts';

/** A JSON body; templates are the largest. */
const BODY_LIMIT = 2 * 1024 ** 2;

/**
 * The HTTP application, not yet listening.
 *
 * @param consoleFolder the console's build, if it is to be served
 */
export async function buildApp(installation: Installation, consoleFolder?: string): Promise<FastifyInstance> {
  const log: FastifyBaseLogger = installation.log;
  const app = Fastify({
    loggerInstance: log,
    // requests are told by the metrics' hook, without addresses and query strings
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => randomUUID(),
    bodyLimit: BODY_LIMIT,
    routerOptions: { maxParamLength: 8192 },
  });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.decorateRequest('caller', undefined);
  answerProblems(app);
  secureHeaders(app);
  const metrics = openMetrics(app, installation);
  await describeApi(app, VERSION);
  await app.register(async scope => mountTracking(scope, installation));
  await app.register(async scope => mountLinks(scope, installation));
  await app.register(async scope => mountWidget(scope, installation));
  await app.register(async scope => mountApi(scope, installation, metrics));
  await serveReference(app);
  mountHealth(app, installation);
  await serveConsole(app, consoleFolder);
  return app;
}

/** What callers with a key or a session may do. */
async function mountApi(app: FastifyInstance, installation: Installation, metrics: Registry): Promise<void> {
  await app.register(cookie);
  takeEmptyJson(app);
  app.addHook('onRequest', async request => authenticate(installation, request));
  await app.register(rateLimit, {
    max: installation.settings.callsPerMinute,
    timeWindow: '1 minute',
    keyGenerator: request => request.caller?.id ?? request.ip,
    errorResponseBuilder: (_, context) =>
      new AppError(
        'request.too_many',
        `more than ${context.max} calls in a minute; try again in ${context.after}`,
      ),
  });
  const on = mounting(app);
  mountAccount(on, installation);
  mountSystem(on, app, installation, metrics);
  mountData(on, installation);
  mountCustomers(on, installation);
  mountDuplicates(on, installation);
  mountPrivacy(on, app, installation);
  mountScenarios(on, installation);
  mountOperations(on, installation);
  mountProfile(on, installation);
  mountLifecycle(on, installation);
  mountDecision(on, installation);
  mountRecommendation(on, installation);
  mountImpressions(on, installation);
  mountTables(on, app, installation);
  mountEngagement(on, installation);
  await mountUploads(app, installation);
  mountReport(app, installation);
}

/** Clients name JSON as the type of a body that they do not send. */
function takeEmptyJson(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeContentTypeParser('application/json');
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body.length === 0) done(null, undefined);
    else void parse(request, String(body), done);
  });
}
