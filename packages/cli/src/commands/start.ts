import { api, AppError, sentenceOf, type Clock, type ScenarioPage } from '@bellwether/contracts';
import { createClient, type Client } from '@bellwether/sdk';
import { builtConsole, startServer, type LoopResult, type Server, type Settings } from '@bellwether/server';
import { runningServer } from '../connect.ts';
import { interrupted, type Context } from '../context.ts';
import { demoFolder, finishDemo, openDemo } from '../demo.ts';
import { followJob } from '../jobs.ts';
import { importFile, readable } from './import.ts';
import { tellVersion } from './scenario.ts';

export interface StartOptions {
  data?: string[];
  empty?: boolean;
  port?: string;
  once?: boolean;
}

export async function startCommand(context: Context, options: StartOptions): Promise<void> {
  const port = options.port === undefined ? {} : { port: options.port };
  const own = context.read(port).settings;
  if (options.data !== undefined) await startData(context, own, options.data, options.once ?? false);
  else if (options.empty === true) await startEmpty(context, own);
  else await startDemo(context, context.read({ ...port, ...demoFolder(own) }).settings);
}

/** The demo market in a folder of its own. Its history is played once; later starts find it. */
async function startDemo(context: Context, settings: Settings): Promise<void> {
  const { output } = context;
  await refuseSecond(settings);
  const demo = openDemo(settings);
  output.note(
    demo.played ? 'Starting the demo market …' : 'Starting, and playing the history of a demo market …',
  );
  await serving(
    context,
    settings,
    { demo: true, worker: demo.played, ...demo.clock },
    async (server, client) => {
      if (demo.played) return;
      const job = await server.installation.jobs.enqueue('demo');
      await followJob(context, client, job, 'demo');
      finishDemo(settings);
      server.installation.startWorker();
    },
  );
}

/** The shop's own installation, without a demo. */
async function startEmpty(context: Context, settings: Settings): Promise<void> {
  await refuseSecond(settings);
  context.output.note('Starting …');
  await serving(context, settings, {}, async () => undefined);
}

/** The shop's own installation, with files brought in and the loop run on them. */
async function startData(
  context: Context,
  settings: Settings,
  files: string[],
  once: boolean,
): Promise<void> {
  for (const file of files) await readable(file);
  await refuseSecond(settings);
  context.output.note('Starting …');
  await serving(context, settings, { once }, async (_server, client) => {
    for (const file of files) await importFile(context, client, file);
    await runLoop(context, client);
  });
}

interface Serving {
  demo?: boolean;
  worker?: boolean;
  clock?: Clock;
  /** Ends after the work instead of serving on. */
  once?: boolean;
}

/** Starts, works, says where the console is, and serves until it is interrupted. Everything is stopped in any case. */
async function serving(
  context: Context,
  settings: Settings,
  { once = false, ...options }: Serving,
  work: (server: Server, client: Client) => Promise<void>,
): Promise<void> {
  const { output, signal } = context;
  const page = once ? undefined : consoleFolder(context);
  const server = await startServer(settings, {
    ...options,
    ...(page === undefined ? {} : { console: page }),
  });
  try {
    const client = createClient({ baseUrl: server.url, key: server.installation.secrets.admin_key });
    await work(server, client);
    if (once) return;
    greet(context, server);
    await interrupted(signal);
    output.note('Stopping …');
  } finally {
    await server.close();
  }
}

/** Without a console the API works all the same. */
async function consoleFolder({ output }: Context): Promise<string | undefined> {
  try {
    return await builtConsole();
  } catch (error) {
    output.note(`There will be no console: ${sentenceOf(error)}`);
    return undefined;
  }
}

function greet({ output }: Context, { url, installation }: Server): void {
  const { firstSignIn, secrets, settings } = installation;
  const { email, password } = firstSignIn ?? { email: settings.adminEmail, password: null };
  output.tell(
    'ready',
    { url, email, password, write_key: secrets.write_key, data_folder: settings.data },
    '',
    `  Console    ${url}`,
    password === null
      ? `  Sign in    ${email} (a new password: npx bellwether password --folder ${settings.data})`
      : `  Sign in    ${email}  ${password}  (shown once)`,
    `  API        ${url}/docs`,
    `  Write key  ${secrets.write_key}`,
    `  Data       ${settings.data}`,
    '',
    'Ctrl-C stops it.',
  );
}

async function refuseSecond(settings: Settings): Promise<void> {
  const running = await runningServer(settings);
  if (running === undefined) return;
  throw new AppError('server.running', `Bellwether runs on ${settings.data} already: ${running.url}`);
}

/** Runs the loop and prints what it came to. */
export async function runLoop(context: Context, client: Client): Promise<void> {
  const job = await followJob(context, client, await client.call(api.system.runLoop), 'loop');
  // what the loop's handler returned, carried by its job
  const result = job.result as LoopResult;
  const { lines_in, lines_out, customers, audience_size, journey_id } = result;
  context.output.tell(
    'loop',
    result,
    '',
    `Prepared: ${lines_in} order lines in, ${lines_out} count, ${customers} customers`,
  );
  for (const { scenario, wanting } of result.scenarios) {
    if (wanting.length > 0)
      context.output.tell('wanting', { scenario, wanting }, `${scenario} needs more: ${wanting.join('; ')}`);
    tellScenario(context, await client.call(api.scenarios.page, { params: { name: scenario } }));
  }
  if (journey_id !== null) await tellJourney(context, client, journey_id, audience_size);
}

function tellScenario(context: Context, { versions, results, name }: ScenarioPage): void {
  const champion = versions.find(({ state }) => state === 'champion');
  if (champion === undefined) return;
  context.output.say();
  tellVersion(context, champion);
  if (results === null) return;
  const { scored, chosen, expected } = results;
  context.output.tell(
    'scored',
    { scenario: name, scored, chosen, expected },
    '',
    `Scored: ${scored} customers; ${Math.round(expected.value ?? 0)} are expected to buy within ${champion.card.horizon_days} days (${Math.round(expected.low ?? 0)}–${Math.round(expected.high ?? 0)}); ${chosen} are worth a message`,
  );
}

async function tellJourney({ output }: Context, client: Client, id: string, audience: number): Promise<void> {
  const [journey, results] = await Promise.all([
    client.call(api.engagement.journey, { params: { id } }),
    client.call(api.engagement.journeyResults, { params: { id } }),
  ]);
  const { treated, holdout } = results;
  output.tell(
    'journey',
    { id, name: journey.name, dry_run: journey.graph.dry_run, audience, treated, holdout },
    `Journey “${journey.name}”${journey.graph.dry_run ? ', a dry run' : ''}: ${audience} in the audience, ${treated.customers} would be written to, ${holdout.customers} left alone`,
  );
}
