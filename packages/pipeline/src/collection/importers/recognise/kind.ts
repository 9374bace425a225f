import { AppError, CANONICAL_TABLES, type CanonicalTable, type ImportKind } from '@bellwether/contracts';
import { matchColumns, PROPOSED, type Match } from './columns.ts';
import type { ColumnProfile } from './values.ts';

export interface Recognised {
  kind: ImportKind;
  /** 0 to 1. */
  confidence: number;
  why: string;
  matches: Match[];
  /** Required fields without a column. */
  missing: string[];
}

/** Of a wide file no kind explains most columns; so many are enough. */
const ENOUGH_COLUMNS = 10;

/** How well a kind explains a file: how surely what it needs is there, and how many of the columns it explains. */
export function judgeKind(
  table: CanonicalTable,
  columns: readonly ColumnProfile[],
  guesses = false,
): Recognised {
  const matches = matchColumns(table, columns, guesses);
  const confidenceOf = new Map(matches.map(match => [match.field, match.confidence]));
  const required = table.fields.filter(field => field.required);
  const found =
    required.reduce((sum, field) => sum + (confidenceOf.get(field.name) ?? 0), 0) / required.length;
  const explained = Math.min(1, matches.length / Math.min(columns.length, ENOUGH_COLUMNS));
  return {
    kind: table.kind,
    confidence: (found + explained) / 2,
    why: matches.map(match => `“${match.column}” is ${match.field}`).join(', '),
    matches,
    missing: required.map(field => field.name).filter(field => !confidenceOf.has(field)),
  };
}

/**
 * The kind that explains a file's columns best.
 *
 * @throws AppError `import.kind_unknown` when none explains enough, naming the nearest and what it lacks
 */
export function recogniseKind(columns: readonly ColumnProfile[], name: string): Recognised {
  const judged = Object.values(CANONICAL_TABLES).map(table => judgeKind(table, columns));
  const [best] = judged.sort((a, b) => b.confidence - a.confidence);
  if (best !== undefined && best.confidence >= PROPOSED) return best;
  throw kindUnknown(columns, name, best);
}

function kindUnknown(
  columns: readonly ColumnProfile[],
  name: string,
  nearest: Recognised | undefined,
): AppError {
  const names = columns.map(column => `“${column.name}”`);
  const shown = names.length > 12 ? [...names.slice(0, 12), `${names.length - 12} more`] : names;
  const hint =
    nearest === undefined || nearest.matches.length === 0 || nearest.missing.length === 0
      ? ''
      : ` The nearest kind, ${nearest.kind}, also needs ${nearest.missing.join(', ')}.`;
  return new AppError(
    'import.kind_unknown',
    `${name} was read (${columns.length} columns: ${shown.join(', ')}) but these are none of ` +
      `${Object.keys(CANONICAL_TABLES).join(', ')}.${hint} Say the kind and a mapping if it is one of them.`,
  );
}
