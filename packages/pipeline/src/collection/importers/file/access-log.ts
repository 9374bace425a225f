import { createHmac } from 'node:crypto';
import { botDetector } from '../../bots.ts';

const isBot = botDetector();

/** Columns of an access log, in the order in which its lines are staged. */
export const LOG_COLUMNS = [
  'anonymous_id',
  'at',
  'method',
  'path',
  'status',
  'bytes',
  'referrer',
  'agent',
  'bot',
] as const;

/** Apache's and nginx's combined format; the referrer and agent are absent in the common one. */
const COMBINED =
  /^(\S+) \S+ \S.*? \[([^\]]+)\] "((?:[^"\\]|\\.)*)" (\d{3}) (\d+|-)(?: "((?:[^"\\]|\\.)*)" "((?:[^"\\]|\\.)*)")?/;
const MOMENT = /^(\d{2})\/([A-Z][a-z]{2})\/(\d{4}):(\d{2}:\d{2}:\d{2}) ([+-]\d{4})$/;
const MONTHS = 'JanFebMarAprMayJunJulAugSepOctNovDec';
const ADDRESS = /\b(?:\d{1,3}\.){3}\d{1,3}\b|(?<![\w:])(?:[\da-f]{0,4}:){2,7}[\da-f]{0,4}(?![\w:])/gi;

/** Whether most of a text's lines are an access log's. */
export function isAccessLog(sample: string): boolean {
  const lines = sample
    .split('\n')
    .filter(line => line.trim() !== '')
    .slice(0, 200);
  return lines.filter(line => COMBINED.test(line)).length > 0.5 * lines.length;
}

/** Turns what would tell a person into something that only tells persons apart. */
export type Pseudonymise = (text: string) => string;

/** Keyed with the installation's secret: without it the few possible addresses cannot be tried one by one. */
export function pseudonymiser(secret: string): Pseudonymise {
  return text => createHmac('sha256', secret).update(text).digest('hex').slice(0, 32);
}

/** The fields of a line in the order of `LOG_COLUMNS`, or nothing. The address leaves only as part of a pseudonym. */
export function logFields(line: string, pseudonymise: Pseudonymise): string[] | undefined {
  const match = COMBINED.exec(line);
  if (match === null) return undefined;
  const [, address, moment, request, status, bytes, referrer = '', agent = ''] = match;
  const [method = '', path = ''] = request.split(' ');
  const said = (text: string): string => (text === '-' ? '' : text);
  return [
    pseudonymise(`${address} ${agent}`),
    isoMoment(moment),
    method,
    path,
    status,
    said(bytes),
    said(referrer),
    said(agent),
    said(agent) === '' || isBot(agent) ? '1' : '0',
  ];
}

/** A line as it may be kept: every address in it as a pseudonym. */
export function withoutAddresses(line: string, pseudonymise: Pseudonymise): string {
  return line.replace(ADDRESS, address => pseudonymise(address));
}

/** `17/May/2015:10:05:03 +0000` as ISO 8601; what is no such moment stays as it is, for the checks to refuse. */
function isoMoment(text: string): string {
  const match = MOMENT.exec(text);
  if (match === null) return text;
  const [, day, month, year, time, zone] = match;
  const number = String(MONTHS.indexOf(month) / 3 + 1).padStart(2, '0');
  return `${year}-${number}-${day}T${time}${zone.slice(0, 3)}:${zone.slice(3)}`;
}
