import type { CanonicalTable, Field } from '@bellwether/contracts';
import { nameConfidence } from './names.ts';
import type { ColumnProfile } from './values.ts';

/** A field with the column that it was recognised in. */
export interface Match {
  field: string;
  column: string;
  /** 0 to 1. */
  confidence: number;
  why: string;
}

type Judgement = Pick<Match, 'confidence' | 'why'>;

/** Below this a match is a guess, made only for a kind that a person chose. */
export const PROPOSED = 0.5;
const GUESSED = 0.3;

/** Finds for each field at most one column, and for each column at most one field: the surest first. */
export function matchColumns(
  table: CanonicalTable,
  columns: readonly ColumnProfile[],
  guesses: boolean,
): Match[] {
  const floor = guesses ? GUESSED : PROPOSED;
  const candidates = table.fields
    .flatMap(field =>
      columns.map(column => ({ field: field.name, column: column.name, ...judge(field, column) })),
    )
    .filter(match => match.confidence >= floor)
    .sort((a, b) => b.confidence - a.confidence);
  const chosen: Match[] = [];
  for (const match of candidates) {
    const taken = chosen.some(other => other.field === match.field || other.column === match.column);
    if (!taken) chosen.push(match);
  }
  return chosen;
}

function judge(field: Field, column: ColumnProfile): Judgement {
  const named = nameConfidence(field, column.name);
  return named > 0 ? byName(named, field, column) : byValues(field, column);
}

function byName(named: number, field: Field, column: ColumnProfile): Judgement {
  const fit = fitOf(field, column);
  if (fit >= 0.8) return { confidence: named, why: `its name; ${percent(fit)} of its values fit` };
  const penalty = fit >= 0.5 ? 0.7 : 0.3;
  return {
    confidence: named * penalty,
    why: `its name, but only ${percent(fit)} of its values are a ${field.type}`,
  };
}

/** The share of a column's values that the field's type takes. */
function fitOf(field: Field, column: ColumnProfile): number {
  if (column.values.length === 0) return 1;
  if (field.type === 'number') return column.numbers;
  if (field.type === 'date') return column.dates;
  return field.name === 'email' ? column.emails : 1;
}

const NOTHING: Judgement = { confidence: 0, why: '' };

function byValues(field: Field, column: ColumnProfile): Judgement {
  if (column.values.length === 0) return NOTHING;
  if (field.name === 'email' && column.emails >= 0.9)
    return { confidence: 0.8, why: 'its values are e-mail addresses' };
  if (!field.required) return NOTHING;
  if (field.type === 'date')
    return column.dates >= 0.95 ? { confidence: 0.5, why: 'its values are dates' } : NOTHING;
  if (field.type === 'number') return numberGuess(field.name, column);
  const repeats = column.distinct > 0.001 && column.distinct < 0.9;
  const code = field.name.endsWith('_id') && column.codes >= 0.95 && column.dates < 0.5 && repeats;
  return code ? { confidence: GUESSED, why: 'its values are codes that repeat' } : NOTHING;
}

function numberGuess(field: string, column: ColumnProfile): Judgement {
  if (column.numbers < 0.95 || column.dates > 0.5) return NOTHING;
  if (field === 'quantity' && column.wholes > 0.95)
    return { confidence: 0.35, why: 'its values are whole numbers' };
  if (field === 'unit_price' && column.wholes < 0.5)
    return { confidence: 0.35, why: 'its values are decimal numbers' };
  return NOTHING;
}

function percent(share: number): string {
  return `${Math.floor(100 * share)} %`;
}
