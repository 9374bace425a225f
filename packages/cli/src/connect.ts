import { api } from '@bellwether/contracts';
import { createClient, type Client } from '@bellwether/sdk';
import { readRun, startServer, type Settings } from '@bellwether/server';
import { existsSync } from 'node:fs';
import type { Context } from './context.ts';
import { demoFolder } from './demo.ts';

/** The server that runs on a data folder, if one does and answers. */
export async function runningServer(
  settings: Settings,
): Promise<{ client: Client; url: string } | undefined> {
  const run = readRun(settings.data);
  if (run === undefined) return undefined;
  const client = createClient({ baseUrl: run.url, key: run.key });
  try {
    await client.call(api.system.status);
    return { client, url: run.url };
  } catch {
    // the file of a server that was killed: its process id may be another program's by now
    return undefined;
  }
}

/** The demo's server, for who has nothing but the demo; never in place of an installation that merely stands still. */
async function runningDemo(settings: Settings): Promise<{ client: Client; url: string } | undefined> {
  return existsSync(settings.data) ? undefined : runningServer({ ...settings, ...demoFolder(settings) });
}

/**
 * Works through the API of the server that runs on the data folder, or of one that is started for this, without a
 * console and without sending anything, and stopped again.
 */
export async function withServer<T>(context: Context, work: (client: Client) => Promise<T>): Promise<T> {
  const { settings } = context.read();
  const running = (await runningServer(settings)) ?? (await runningDemo(settings));
  if (running !== undefined) return work(running.client);
  const server = await startServer({ ...settings, port: 0, host: '127.0.0.1' }, { worker: false });
  try {
    return await work(createClient({ baseUrl: server.url, key: server.installation.secrets.admin_key }));
  } finally {
    await server.close();
  }
}
