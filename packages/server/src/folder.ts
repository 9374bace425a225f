import { AppError, sentenceOf } from '@bellwether/contracts';
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** What this node keeps to itself, readable by its user only. */
const Secrets = z.object({
  /** Names this node in the jobs that it claims: it alone works in this folder. */
  node: z.string(),
  /** The key by which commands on this machine call the running server. */
  admin_key: z.string(),
  /** For the first tracking calls. */
  write_key: z.string(),
  /** Signs the links in mails. */
  link_secret: z.string(),
});
export type Secrets = z.infer<typeof Secrets>;

/** Where the running server can be reached; there while it runs. */
const Run = z.object({ pid: z.number(), url: z.string(), started_at: z.string(), demo: z.boolean() });
export type Run = z.infer<typeof Run>;

const random = (): string => randomBytes(32).toString('base64url');

/** Reads the folder's secrets, or makes them at the first start. */
export function openSecrets(folder: string): Secrets {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, 'secrets.json');
  if (existsSync(path)) return readPrivate(path, Secrets);
  const secrets = {
    node: randomBytes(8).toString('hex'),
    admin_key: `bw_admin_${random()}`,
    write_key: `bw_track_${random()}`,
    link_secret: random(),
  };
  writePrivate(path, secrets);
  return secrets;
}

export function writeRun(folder: string, run: Run): void {
  writePrivate(join(folder, 'run.json'), run);
}

export function removeRun(folder: string): void {
  rmSync(join(folder, 'run.json'), { force: true });
}

/** The server that runs on this folder, as far as its file and its process say; ask it whether it is alive. */
export function readRun(folder: string): (Run & { key: string }) | undefined {
  const path = join(folder, 'run.json');
  if (!existsSync(path) || !existsSync(join(folder, 'secrets.json'))) return undefined;
  const run = readPrivate(path, Run);
  return lives(run.pid) ? { ...run, key: openSecrets(folder).admin_key } : undefined;
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives, under another user
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Whole or not at all, for this user only. */
function writePrivate(path: string, value: object): void {
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, JSON.stringify(value, null, 2), { mode: 0o600, flush: true });
  chmodSync(draft, 0o600);
  renameSync(draft, path);
}

function readPrivate<T extends z.ZodType>(path: string, schema: T): z.output<T> {
  try {
    return schema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    throw new AppError(
      'folder.damaged',
      `${path} cannot be read: ${sentenceOf(error)}; restore it, or remove it`,
      {
        cause: error,
      },
    );
  }
}
