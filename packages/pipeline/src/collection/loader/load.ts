import { isAppError, sentenceOf } from '@bellwether/contracts';
import type { Warehouse } from '@bellwether/warehouse';
import type { JournalTable } from '../journal/frames.ts';
import { refusedRowLine } from '../lines.ts';
import { eventLines, eventText, type Block } from './block.ts';
import type { Plan, Progress } from './progress.ts';

/** What the loader asks of the warehouse. */
export type LoadTarget = Pick<Warehouse, 'insertBytes' | 'query' | 'bytes'>;

/**
 * Brings one planned block into the warehouse. It may be repeated as often as needed: what was inserted before is not
 * inserted again. A row that the warehouse refuses for what is in it is found by halving and goes to quarantine.
 */
export async function loadPlan(
  target: LoadTarget,
  progress: Progress,
  block: Block,
  signal: AbortSignal,
): Promise<void> {
  const { journal, plan } = progress.state();
  if (plan === undefined) return;
  const name = `${journal}/${plan.segment}/${plan.from}-${plan.to}`;
  const insert = (table: JournalTable, lines: Buffer, part = ''): Promise<void> =>
    insertLines(target, table, lines, `${name}/${table}${part}`, signal);
  await loadEvents(progress, block, insert);
  await insert('quarantine', quarantineLines(block, progress.state().plan?.refused ?? []));
  await insert('quarantine_replays', block.lines.quarantine_replays);
}

async function insertLines(
  target: LoadTarget,
  table: JournalTable,
  lines: Buffer,
  token: string,
  signal: AbortSignal,
): Promise<void> {
  if (lines.length === 0) return;
  await target.insertBytes(`INSERT INTO ${table} FORMAT JSONEachRow`, lines, { token, signal });
}

async function loadEvents(
  progress: Progress,
  block: Block,
  insert: (table: JournalTable, lines: Buffer, part: string) => Promise<void>,
): Promise<void> {
  for (let index = 0; ;) {
    const plan = progress.state().plan;
    const piece = plan?.pieces[index];
    if (plan === undefined || piece === undefined) return;
    try {
      await insert('events', eventLines(block, ...piece, plan.duplicates), `/${piece.join('-')}`);
      index += 1;
    } catch (error) {
      if (!isFaultOfRow(error)) throw error;
      await progress.save({ plan: withoutFault(plan, index, sentenceOf(error)) });
    }
  }
}

/** The plan after the warehouse refused a piece: its halves in its place, or, where it is one event, nothing. */
function withoutFault(plan: Plan, index: number, detail: string): Plan {
  const [from, to] = plan.pieces[index] ?? [0, 0];
  const middle = (from + to) >>> 1;
  const alone = to - from === 1;
  const halves: Plan['pieces'] = alone ? [] : [[from, middle], [middle, to]]; // prettier-ignore
  return {
    ...plan,
    pieces: plan.pieces.toSpliced(index, 1, ...halves),
    refused: alone ? [...plan.refused, { row: from, detail: detail.slice(0, 500) }] : plan.refused,
  };
}

/** What ClickHouse says when a value is at fault. Any other error is the warehouse's own, and waiting may mend it. */
const FAULTS_OF_ROWS =
  /^(CANNOT_PARSE_\w+|CANNOT_READ_ALL_DATA|CANNOT_CONVERT_TYPE|INCORRECT_DATA|INCORRECT_QUERY_DATA|TYPE_MISMATCH|VIOLATED_CONSTRAINT|TOO_DEEP_RECURSION|ARGUMENT_OUT_OF_BOUND|VALUE_IS_OUT_OF_RANGE_OF_DATA_TYPE|DECIMAL_OVERFLOW|TOO_LARGE_STRING_SIZE|UNEXPECTED_END_OF_FILE)$/;

function isFaultOfRow(error: unknown): boolean {
  if (!isAppError(error, 'warehouse.query_failed')) return false;
  const { cause } = error;
  return (
    cause instanceof Error &&
    'type' in cause &&
    typeof cause.type === 'string' &&
    FAULTS_OF_ROWS.test(cause.type)
  );
}

function quarantineLines(block: Block, refused: Plan['refused']): Buffer {
  if (refused.length === 0) return block.lines.quarantine;
  const more = refused.map(({ row, detail }) => refusedRowLine(eventText(block, row), detail));
  return Buffer.concat([block.lines.quarantine, Buffer.from(more.join(''))]);
}
