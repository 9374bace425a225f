import { createClient } from '@bellwether/sdk';
import { startServer } from '@bellwether/server';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Context } from '../context.ts';
import { importFile, readable } from './import.ts';
import { evaluateCommand } from './scenario.ts';
import { runLoop } from './start.ts';

/** Learns from files in a folder that is thrown away, and prints the figures; without files, those of the champion. */
export async function evaluate(
  context: Context,
  scenario: string,
  { data }: { data?: string[] },
): Promise<void> {
  if (data === undefined) return evaluateCommand(context, scenario);
  for (const file of data) await readable(file);
  const folder = await mkdtemp(join(tmpdir(), 'bellwether-evaluate-'));
  try {
    const { settings } = context.read({ data: folder, port: 0 });
    const server = await startServer(settings, { worker: false });
    try {
      const client = createClient({ baseUrl: server.url, key: server.installation.secrets.admin_key });
      for (const file of data) await importFile(context, client, file);
      await runLoop(context, client);
    } finally {
      await server.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
