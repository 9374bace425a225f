import {
  api,
  AppError,
  IMPORT_KINDS,
  Mapping,
  sentenceOf,
  type Import,
  type ImportKind,
  type Preview,
} from '@bellwether/contracts';
import type { Client } from '@bellwether/sdk';
import { openAsBlob } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { withServer } from '../connect.ts';
import type { Context } from '../context.ts';
import { followJob } from '../jobs.ts';

export interface ImportOptions {
  as?: string;
  map?: string;
}

export async function importCommand(
  context: Context,
  files: string[],
  options: ImportOptions,
): Promise<void> {
  const asked = await askedFor(files, options);
  await withServer(context, async client => {
    for (const file of files) await importFile(context, client, file, asked);
    await settle(context, client);
  });
}

export interface Asked {
  kind?: ImportKind;
  mapping?: Mapping;
}

/** Looks at everything that can be wrong before anything is sent. */
async function askedFor(files: readonly string[], { as, map }: ImportOptions): Promise<Asked> {
  for (const file of files) await readable(file);
  const kind = IMPORT_KINDS.find(name => name === as);
  if (as !== undefined && kind === undefined)
    throw new AppError('cli.usage', `--as ${as}: there is no such kind; there is ${IMPORT_KINDS.join(', ')}`);
  return {
    ...(kind === undefined ? {} : { kind }),
    ...(map === undefined ? {} : { mapping: await mappingOf(map) }),
  };
}

export async function readable(file: string): Promise<void> {
  const found = await stat(file).catch(() => undefined);
  if (found === undefined) throw new AppError('file.not_found', `there is no file ${resolve(file)}`);
  if (!found.isFile()) throw new AppError('file.not_a_file', `${resolve(file)} is not a file`);
  if (found.size === 0) throw new AppError('file.empty', `${resolve(file)} is empty`);
}

async function mappingOf(file: string): Promise<Mapping> {
  try {
    return Mapping.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    const right = '{"fields": {"order_id": "Column of the file", …}}';
    throw new AppError('mapping.invalid', `${file} is no mapping such as ${right}: ${sentenceOf(error)}`, {
      cause: error,
    });
  }
}

/**
 * Brings one file in: sends it, takes what was recognised unless told otherwise, and follows the import to its end.
 *
 * @throws AppError `import.columns_missing` when required fields found no column
 */
export async function importFile(
  context: Context,
  client: Client,
  file: string,
  asked: Asked = {},
): Promise<Import> {
  const { output } = context;
  const name = basename(file);
  const preview = await previewOf(client, file, name, asked);
  const mapping = asked.mapping ?? preview.mapping;
  if (asked.mapping === undefined) refuseMissing(preview);
  output.tell(
    'recognised',
    { file: name, kind: preview.kind, mapping },
    `${name}: ${preview.kind} (${preview.why})`,
  );
  const started = await client.call(api.data.startImport, {
    body: { upload_id: preview.upload_id, kind: preview.kind, mapping },
  });
  const jobs = await client.call(api.system.jobs);
  const job = jobs.find(one => one.name === 'import' && one.subject === started.id);
  if (job !== undefined) await followJob(context, client, job, name);
  const done = await client.call(api.data.import, { params: { id: started.id } });
  output.tell(
    'imported',
    done,
    `${name}: ${done.rows_read} rows read, ${done.rows_loaded} loaded, ${done.rows_known} known already, ${done.rows_refused} refused`,
  );
  return done;
}

async function previewOf(client: Client, file: string, name: string, { kind }: Asked): Promise<Preview> {
  const preview = await client.upload(name, await openAsBlob(file));
  if (kind === undefined || kind === preview.kind) return preview;
  return client.call(api.data.preview, { params: { id: preview.upload_id }, body: { kind } });
}

function refuseMissing({ missing, kind, columns, file_name }: Preview): void {
  if (missing.length === 0) return;
  const found = columns.map(({ name }) => `"${name}"`).join(', ');
  throw new AppError(
    'import.columns_missing',
    `${file_name} as ${kind} has no column for ${missing.join(', ')}; found ${found}. Name them with --map, or another kind with --as`,
  );
}

/** The preparation that follows imports is part of them: a command that ends leaves nothing half done. */
export async function settle(context: Context, client: Client): Promise<void> {
  const jobs = await client.call(api.system.jobs);
  const job = jobs.find(
    ({ name, state }) => name === 'prepare' && (state === 'queued' || state === 'running'),
  );
  if (job !== undefined) await followJob(context, client, job);
}
