export * from './records.ts';
export type * from './tables/accounts.ts';
export type * from './tables/engagement.ts';
export type * from './tables/profile.ts';
export type * from './tables/work.ts';
export { sql } from 'kysely';
export type { Kysely, Selectable, Insertable, Updateable, Transaction } from 'kysely';
