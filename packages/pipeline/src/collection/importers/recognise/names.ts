import { CANONICAL_TABLES, type Field } from '@bellwether/contracts';

/** A column's name as `known_as` writes names: lower case, letters and digits only. */
export function normalised(name: string): string {
  return name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
}

/** Names that mean different things in different exports: a hint, no proof. */
const GENERIC = new Set(
  'id name date time datetime timestamp type title value source data link image description day event 日期 时间 名 姓'.split(
    ' ',
  ),
);

const SURE = 0.95;
const HINT = 0.6;
/** An earlier name in a field's list is meant more often than a later one. */
const STEP = 0.005;

/** How sure a column is a field by its name alone; 0 when the name is not known. */
export function nameConfidence(field: Field, column: string): number {
  const whole = rank(field, normalised(column));
  // “Amount spent (USD)”, “单价（元）”
  return whole > 0
    ? whole
    : 0.95 * rank(field, normalised(column.normalize('NFKC').replace(/\(.*?\)|\[.*?\]/g, '')));
}

function rank(field: Field, name: string): number {
  const place = field.known_as.indexOf(name);
  if (place < 0) return 0;
  return (GENERIC.has(name) ? HINT : SURE) - STEP * Math.min(place, 20);
}

const KNOWN = new Set(
  Object.values(CANONICAL_TABLES).flatMap(table => table.fields.flatMap(field => field.known_as)),
);

/** Whether a word is the name of any field of any kind. */
export function isKnownName(word: string): boolean {
  return KNOWN.has(normalised(word));
}
