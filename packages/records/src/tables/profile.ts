import type { Lookalike, TraitDefinition, Words } from '@bellwether/contracts';
import type { JSONColumnType } from 'kysely';

export interface TraitsTable {
  name: string;
  definition: JSONColumnType<TraitDefinition>;
  created_at: Date;
}

export interface SegmentNamesTable {
  key: string;
  words: JSONColumnType<Words>;
  named_at: Date;
}

export interface LookalikesTable {
  id: string;
  result: JSONColumnType<Lookalike>;
  created_at: Date;
}
