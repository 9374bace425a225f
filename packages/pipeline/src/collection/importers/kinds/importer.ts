import type { CanonicalTable, ImportKind, Refusal } from '@bellwether/contracts';

/** A condition on `said_FIELD` (text) and `value_FIELD` (its reading, or null) under which a row is refused. */
export interface Check {
  broken: string;
  reason: Refusal;
  /** SQL of the sentence that says what is wrong. */
  detail: string;
}

/** How one kind of data comes into the warehouse: the whole of what differs between kinds. */
export interface Importer {
  kind: ImportKind;
  /** The fields that columns are mapped to, with their types and which must be there: the checks. */
  source: CanonicalTable;
  /** What else must hold than that required fields are there and values are of their type. */
  checks: readonly Check[];
  /** The field that says when a row happened, by which rows that are known already are looked for. */
  moment?: 'at' | 'day';
  /** The table of the warehouse that good rows go to, and its columns, in the order of the query's. */
  target: string;
  columns: readonly string[];
  /**
   * The query from `cleaned` (see `cleanedSql`) to the target's columns, with `line`, `lines` (how many of the file's
   * the row stands for), `reason`, `detail`, `raw`, and `told`: `refused`, `known` (told before by another source),
   * `loaded` (by an earlier attempt of this import) or `new`.
   *
   * Its parameters: `import_id`, `source`, `now` (when the import was made) and `first`, `last` (the moments between
   * which the rows lie).
   */
  sql: string;
}
