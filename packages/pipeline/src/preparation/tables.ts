import type { Milliseconds, PreparationReport } from '@bellwether/contracts';
import { clickhouseTime, sqlBeside, type Warehouse } from '@bellwether/warehouse';
import { emailSql, phoneSql } from './identity/contacts.ts';
import { matchReturns, type Movement } from './returns.ts';
import { BOUNDED, insertStream, next, SCRATCH, streamed } from './scratch.ts';
import { shopParams, type Shop } from './shop.ts';
import { fill, isoMoment } from './sql.ts';
import { CUSTOMER_STEPS, flags, LINE_STEPS, verdict } from './steps.ts';

const TOLD = sqlBeside(import.meta.url, 'told.sql');
const LINES = sqlBeside(import.meta.url, 'lines.sql');
const TRUSTED_LINES = sqlBeside(import.meta.url, 'trusted-lines.sql');
const RETURNED_THINGS = sqlBeside(import.meta.url, 'returned-things.sql');
const RETURNED_LINES = sqlBeside(import.meta.url, 'returned-lines.sql');
const CUSTOMERS = sqlBeside(import.meta.url, 'customers.sql');
const REPORT = sqlBeside(import.meta.url, 'report.sql');
const SET_ASIDE = sqlBeside(import.meta.url, 'set-aside.sql');

/** One rebuilding: where, by which shop's rules, as of which moment. */
export interface Build {
  warehouse: Warehouse;
  shop: Shop;
  now: Milliseconds;
  signal?: AbortSignal;
}

/** Order lines as told, each under the buyer's own alias. */
export const TOLD_LINES = fill(TOLD, { email: emailSql('email'), phone: phoneSql('phone') });

export function paramsOf(build: Build): Record<string, unknown> {
  return {
    ...shopParams(build.shop),
    now: clickhouseTime(build.now),
    identity: next('identity'),
    lines: next('prepared_order_lines'),
    customers: next('customers'),
    ...SCRATCH,
  };
}

export async function run(build: Build, statement: string): Promise<void> {
  await build.warehouse.command(statement, paramsOf(build), BOUNDED, build.signal);
}

/** Only what somebody gave back can have a match: of the other lines nothing is sorted. */
const GIVEN_BACK = `(if(alias = '', concat('basket:', order_id), alias), product_id, unit_price) IN (
  ${fill(RETURNED_THINGS, { told: TOLD_LINES })})`;

const WITHOUT_MATCHING = LINE_STEPS.filter(step => step.name !== 'unmatched_return');

/** Finds the sale that each return takes back. */
export async function matchLines(build: Build): Promise<void> {
  const select = fill(RETURNED_LINES, { verdict: verdict(WITHOUT_MATCHING) });
  const query = fill(LINES, { told: TOLD_LINES, only: GIVEN_BACK, select });
  await insertStream(build.warehouse, SCRATCH.matches, rowsOf(matchReturns(movements(build, query))));
}

async function* movements(build: Build, query: string): AsyncGenerator<Movement> {
  type Row = [thing: string, lineKey: string, isReturn: boolean, units: number];
  for await (const row of streamed<Row>(build.warehouse, query, paramsOf(build), build.signal)) {
    const [thing, lineKey, isReturn, units] = row;
    yield { thing, lineKey, isReturn, units };
  }
}

async function* rowsOf(matches: ReturnType<typeof matchReturns>): AsyncGenerator<object> {
  for await (const { returnKey, saleKey } of matches) yield { line_key: returnKey, returns_line: saleKey };
}

/** Judges every line. */
export async function buildLines(build: Build): Promise<void> {
  const select = fill(TRUSTED_LINES, { verdict: verdict(LINE_STEPS), flags: flags(LINE_STEPS) });
  await run(build, `INSERT INTO {lines:Identifier} ${fill(LINES, { told: TOLD_LINES, only: '1', select })}`);
}

const IMPOSSIBLE = Object.fromEntries(CUSTOMER_STEPS.map(({ name, when }) => [name, when]));

export async function buildCustomers(build: Build): Promise<void> {
  const slots = { ...IMPOSSIBLE, told: TOLD_LINES, email: emailSql('email'), phone: phoneSql('phone') };
  await run(build, fill(CUSTOMERS, slots));
}

type Figures = Omit<PreparationReport, 'at' | 'currency' | 'steps'> & { counts: Map<string, number> };

/** What is in a table of prepared lines, and how many lines each step dropped or flagged. */
export async function countLines(warehouse: Warehouse, lines: string): Promise<Figures> {
  type Row = Omit<Figures, 'counts'> & { steps: Record<string, number> };
  const { steps, first_at, last_at, ...figures } = await warehouse.one<Row>(REPORT, { lines });
  return {
    ...figures,
    first_at: isoMoment(first_at),
    last_at: isoMoment(last_at),
    counts: new Map(Object.entries(steps)),
  };
}

/** Sayings of customers whose value was set aside, by step. */
export async function countSetAside(warehouse: Warehouse): Promise<Map<string, number>> {
  return new Map(Object.entries(await warehouse.one<Record<string, number>>(fill(SET_ASIDE, IMPOSSIBLE))));
}
