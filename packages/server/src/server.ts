import type { Clock } from '@bellwether/contracts';
import type { FastifyInstance } from 'fastify';
import { openDoor, type Door } from './door.ts';
import { removeRun, writeRun } from './folder.ts';
import { buildApp } from './http/app.ts';
import { openInstallation, type Installation } from './installation.ts';
import type { Settings } from './settings.ts';

export interface ServerOptions {
  clock?: Clock;
  demo?: boolean;
  /** Whether messages go out by themselves from the start; otherwise `installation.startWorker()` begins that. */
  worker?: boolean;
  /** Resolves to the folder of the console's build; serves none where there is none. */
  console?: Promise<string | undefined>;
}

export interface Server {
  /** `http://127.0.0.1:4600` */
  url: string;
  installation: Installation;
  /** For `inject` in tests. */
  app: FastifyInstance;
  /** Refuses new requests, lets open ones end, then stops everything in reverse order; bounded. */
  close(): Promise<void>;
}

/**
 * Starts everything: listens, starts the engines, mounts the API. While the engines start, callers are told to come back.
 *
 * @throws AppError `server.port_in_use`, `engines.folder_in_use` …
 * @example
 * const server = await startServer({ ...readSettings().settings, port: 0 });
 * await fetch(`${server.url}/readyz`);
 * await server.close();
 */
export async function startServer(settings: Settings, options: ServerOptions = {}): Promise<Server> {
  const { worker = true, clock, demo = false } = options;
  const door = await openDoor(settings.host, settings.port);
  let installation: Installation | undefined;
  try {
    installation = await openInstallation({
      settings,
      url: door.url,
      demo,
      ...(clock === undefined ? {} : { clock }),
    });
    const app = await buildApp(installation, await options.console);
    await app.ready();
    door.open((request, response) => app.routing(request, response));
    if (worker) installation.startWorker();
    announce(installation);
    return { url: door.url, installation, app, close: closing(door, app, installation) };
  } catch (error) {
    await door.close();
    await installation?.close();
    throw error;
  }
}

/** Commands on this machine find the server by this. */
function announce({ settings, url, startedAt, demo }: Installation): void {
  writeRun(settings.data, { pid: process.pid, url, started_at: new Date(startedAt).toISOString(), demo });
}

function closing(door: Door, app: FastifyInstance, installation: Installation) {
  let closed: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    removeRun(installation.settings.data);
    await door.close();
    await app.close();
    await installation.close();
  };
  return (): Promise<void> => (closed ??= close());
}
