import { AppError, sentenceOf } from '@bellwether/contracts';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';

/** The folder of the clone, which relative paths of settings start from. */
export const ROOT = resolve(import.meta.dirname, '../../..');

interface Definition<T extends z.ZodType> {
  env: string;
  about: string;
  schema: T;
  /** Hidden when settings are printed: `url` hides the password in it. */
  secret?: 'url';
}

const define = <T extends z.ZodType>(
  env: string,
  schema: T,
  about: string,
  secret?: 'url',
): Definition<T> => ({ env, schema, about, ...(secret === undefined ? {} : { secret }) });

const url = z.url().optional();

/** Every setting, by its name in `bellwether.json`; the environment's name, what it may be, its default. */
export const DEFINITIONS = {
  port: define(
    'BELLWETHER_PORT',
    z.coerce.number().int().min(0).max(65535).default(4600),
    'TCP port; 0 takes a free one',
  ),
  host: define(
    'BELLWETHER_HOST',
    z.string().min(1).default('127.0.0.1'),
    'address to listen on; 0.0.0.0 for every one',
  ),
  data: define(
    'BELLWETHER_DATA',
    z.string().min(1).default('.bellwether'),
    'data folder; relative to the clone',
  ),
  publicUrl: define(
    'PUBLIC_URL',
    url,
    'address under which customers reach links in mails; default: where it listens',
  ),
  warehouseUrl: define('WAREHOUSE_URL', url, 'a ClickHouse server; default: the embedded one', 'url'),
  recordsUrl: define('RECORDS_URL', url, 'a PostgreSQL database; default: the embedded one', 'url'),
  smtpUrl: define(
    'SMTP_URL',
    url,
    'server that sends mail; default: the embedded mail sink, which keeps it',
    'url',
  ),
  mailFrom: define(
    'MAIL_FROM',
    z.string().min(3).default('Bellwether <hello@bellwether.local>'),
    'sender of mails',
  ),
  shopName: define(
    'SHOP_NAME',
    z.string().min(1).max(100).default('My shop'),
    'name of the shop, in mails and reports',
  ),
  shopUrl: define('SHOP_URL', url, 'where customers shop; links of mails start from it'),
  timezone: define(
    'BELLWETHER_TIMEZONE',
    z.string().min(1).default('UTC'),
    'zone of the shop’s days, such as Europe/London',
  ),
  currency: define(
    'BELLWETHER_CURRENCY',
    z
      .string()
      .regex(/^[A-Z]{3}$/)
      .optional(),
    'currency of the shop, ISO 4217; default: the most common one in the data',
  ),
  rates: define(
    'BELLWETHER_RATES',
    z
      .string()
      .regex(/^[A-Z]{3}=\d+(\.\d+)?(,[A-Z]{3}=\d+(\.\d+)?)*$/, 'must look like EUR=1,USD=0.92')
      .optional(),
    'what one unit of each currency is worth, all in one of them, such as EUR=1,USD=0.92; lines in others are dropped',
  ),
  locale: define(
    'BELLWETHER_LOCALE',
    z.enum(['en', 'zh-CN']).default('en'),
    'language of the first user and of reports',
  ),
  adminEmail: define(
    'BELLWETHER_ADMIN',
    z.email().default('admin@bellwether.local'),
    'e-mail of the first user',
  ),
  logLevel: define(
    'BELLWETHER_LOG',
    z.enum(['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace']).default('info'),
    'what the log holds, from this level up',
  ),
  uploadBytes: define(
    'BELLWETHER_UPLOAD_BYTES',
    z.coerce
      .number()
      .int()
      .positive()
      .default(4 * 1024 ** 3),
    'largest file that may be uploaded, in bytes',
  ),
  sessionDays: define(
    'BELLWETHER_SESSION_DAYS',
    z.coerce.number().positive().max(365).default(14),
    'days until a sign-in expires',
  ),
  trackingPerMinute: define(
    'BELLWETHER_TRACKING_PER_MINUTE',
    z.coerce.number().int().positive().default(1_000_000),
    'tracking calls that one key may make in a minute',
  ),
  callsPerMinute: define(
    'BELLWETHER_CALLS_PER_MINUTE',
    z.coerce.number().int().positive().default(3_000),
    'other API calls that one caller may make in a minute',
  ),
  sinkMails: define(
    'BELLWETHER_SINK_MAILS',
    z.coerce.number().int().positive().default(20_000),
    'mails that the embedded sink keeps; older ones go',
  ),
} as const;

export type SettingName = keyof typeof DEFINITIONS;
export type Settings = { readonly [K in SettingName]: z.output<(typeof DEFINITIONS)[K]['schema']> };
export type Source = 'default' | 'file' | 'environment' | 'option';
type Given = Partial<Record<SettingName, unknown>>;

const NAMES = Object.keys(DEFINITIONS) as SettingName[];

export interface ReadSettings {
  settings: Settings;
  sources: Readonly<Record<SettingName, Source>>;
  /** The file that was read, or would be. */
  file: string;
}

export interface SettingsOptions {
  env?: NodeJS.ProcessEnv;
  /** What the command line says; wins over the environment, which wins over the file. */
  options?: Given;
}

/**
 * Reads every setting once: command line, then environment, then `bellwether.json` in the data folder (or the file
 * that BELLWETHER_CONFIG names), then defaults. Paths come back absolute.
 *
 * @throws AppError `settings.invalid`, naming each fault, where it was found and what would be right
 * @example
 * const { settings, sources } = readSettings({ options: { port: 0 } });
 */
export function readSettings({ env = process.env, options = {} }: SettingsOptions = {}): ReadSettings {
  const environment = fromEnvironment(env);
  const data = resolve(ROOT, dataFolderOf(options.data ?? environment.data));
  const file = resolve(ROOT, env['BELLWETHER_CONFIG'] ?? join(data, 'bellwether.json'));
  const layers: [Source, Given][] = [
    ['option', options],
    ['environment', environment],
    ['file', fromFile(file, env['BELLWETHER_CONFIG'] !== undefined)],
  ];
  const sources = Object.fromEntries(NAMES.map(name => [name, sourceOf(name, layers)]));
  // one entry for each name of NAMES, made in the line above
  const typedSources = sources as Record<SettingName, Source>;
  return { settings: { ...parseAll(layers, typedSources, file), data }, sources: typedSources, file };
}

/** The data folder comes first: the file stands in it. */
function dataFolderOf(given: unknown): string {
  return typeof given === 'string' ? given : DEFINITIONS.data.schema.parse(undefined);
}

function sourceOf(name: SettingName, layers: readonly [Source, Given][]): Source {
  return layers.find(([, given]) => given[name] !== undefined)?.[0] ?? 'default';
}

function fromEnvironment(env: NodeJS.ProcessEnv): Given {
  const given: Given = {};
  for (const name of NAMES) {
    const value = env[DEFINITIONS[name].env];
    if (value !== undefined && value !== '') given[name] = value;
  }
  return given;
}

function fromFile(file: string, mustExist: boolean): Given {
  if (!existsSync(file)) {
    if (mustExist) throw invalid([`BELLWETHER_CONFIG names ${file}, which does not exist`]);
    return {};
  }
  const given = parseJson(file);
  const unknown = Object.keys(given).filter(name => !(name in DEFINITIONS));
  if (unknown.length > 0)
    throw invalid([`${file} has no use for ${unknown.join(', ')}; it may hold ${NAMES.join(', ')}`]);
  return given;
}

function parseJson(file: string): Given {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch (error) {
    throw invalid([`${file} is not JSON: ${sentenceOf(error)}`]);
  }
  throw invalid([`${file} should hold one JSON object, such as {"port": 4600}`]);
}

function parseAll(
  layers: readonly [Source, Given][],
  sources: Readonly<Record<SettingName, Source>>,
  file: string,
): Settings {
  const faults: string[] = [];
  const values: Partial<Record<SettingName, unknown>> = {};
  for (const name of NAMES) {
    const given = layers.find(([source]) => source === sources[name])?.[1][name];
    const parsed = DEFINITIONS[name].schema.safeParse(given);
    if (parsed.success) values[name] = parsed.data;
    else faults.push(`${whereOf(name, sources[name], file)}: ${parsed.error.issues[0]?.message ?? 'wrong'}`);
  }
  if (faults.length > 0) throw invalid(faults);
  // every name was parsed by its own schema, or the line above threw
  return values as Settings;
}

function whereOf(name: SettingName, source: Source, file: string): string {
  if (source === 'environment') return DEFINITIONS[name].env;
  return source === 'file' ? `"${name}" in ${file}` : `--${name}`;
}

function invalid(faults: string[]): AppError {
  return new AppError('settings.invalid', `the settings cannot be used: ${faults.join('; ')}`);
}

export interface SettingLine {
  name: SettingName;
  env: string;
  value: string;
  source: Source;
  about: string;
}

/** Every setting with where it came from, fit to be printed: passwords are masked. */
export function describeSettings({ settings, sources }: ReadSettings): SettingLine[] {
  return NAMES.map(name => ({
    name,
    env: DEFINITIONS[name].env,
    value: printable(name, settings[name]),
    source: sources[name],
    about: DEFINITIONS[name].about,
  }));
}

function printable(name: SettingName, value: string | number | undefined): string {
  const definition: Definition<z.ZodType> = DEFINITIONS[name];
  return definition.secret === 'url' && value !== undefined ? maskUrl(String(value)) : String(value ?? '');
}

/** The URL with its password, and any secret in its query, replaced by `***`. */
export function maskUrl(text: string): string {
  const url = new URL(text);
  if (url.password !== '') url.password = '***';
  for (const name of [...url.searchParams.keys()])
    if (/pass|secret|token|key/i.test(name)) url.searchParams.set(name, '***');
  return url.href;
}
