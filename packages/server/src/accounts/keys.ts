import {
  AppError,
  MINUTE,
  SECOND,
  type Clock,
  type Key,
  type Milliseconds,
  type Scope,
} from '@bellwether/contracts';
import type { ApiKeysTable, Records, Selectable } from '@bellwether/records';
import { hashToken, newId, randomToken } from './tokens.ts';

/** A known key, as a call sees it. */
export interface KeyHolder {
  id: string;
  name: string;
  scopes: readonly Scope[];
}

/** How long a key is believed without asking the records: another node's revocation takes this long to arrive. */
const BELIEVED: Milliseconds = 5 * SECOND;
const REMEMBERED = 10_000;

/**
 * The keys of programs. A key is stored as its hash; what it may do is remembered for a moment, so that the tracking
 * path asks nothing of the records.
 */
export class Keys {
  readonly #records: Records;
  readonly #clock: Clock;
  readonly #known = new Map<string, { holder: KeyHolder | undefined; until: Milliseconds }>();
  readonly #used = new Map<string, Milliseconds>();

  constructor(records: Records, clock: Clock) {
    this.#records = records;
    this.#clock = clock;
  }

  async list(): Promise<Key[]> {
    const rows = await this.#records
      .selectFrom('api_keys')
      .selectAll()
      .where('revoked_at', 'is', null)
      .orderBy('created_at')
      .execute();
    return rows.map(keyOf);
  }

  async create(name: string, scopes: Scope[]): Promise<Key & { key: string }> {
    return this.adopt(`bw_${scopes[0]}_${randomToken()}`, name, scopes);
  }

  /** Stores a key that exists already: the one in the data folder. Does nothing when it is known. */
  async adopt(key: string, name: string, scopes: Scope[]): Promise<Key & { key: string }> {
    const row = {
      id: newId('key'),
      name,
      scopes,
      prefix: key.slice(0, 12),
      key_hash: hashToken(key),
      created_at: new Date(this.#clock.now()),
      last_used_at: null,
      revoked_at: null,
    };
    await this.#records
      .insertInto('api_keys')
      .values(row)
      .onConflict(conflict => conflict.column('key_hash').doNothing())
      .execute();
    this.#known.clear();
    return { ...keyOf(row), key };
  }

  /** @throws AppError `key.unknown` */
  async revoke(id: string): Promise<void> {
    const { numUpdatedRows } = await this.#records
      .updateTable('api_keys')
      .set({ revoked_at: new Date(this.#clock.now()) })
      .where('id', '=', id)
      .where('revoked_at', 'is', null)
      .executeTakeFirst();
    this.#known.clear();
    if (numUpdatedRows === 0n)
      throw new AppError('key.unknown', `there is no key ${id} that could be revoked`);
  }

  /** Who holds a key, at once where it was seen a moment ago. */
  async holder(key: string): Promise<KeyHolder | undefined> {
    const now = this.#clock.now();
    const known = this.#known.get(key);
    if (known !== undefined && known.until > now) return known.holder;
    const holder = await this.#find(key);
    if (this.#known.size >= REMEMBERED) this.#known.clear();
    this.#known.set(key, { holder, until: now + BELIEVED });
    if (holder !== undefined) await this.#note(holder.id, now);
    return holder;
  }

  async #find(key: string): Promise<KeyHolder | undefined> {
    return this.#records
      .selectFrom('api_keys')
      .select(['id', 'name', 'scopes'])
      .where('key_hash', '=', hashToken(key))
      .where('revoked_at', 'is', null)
      .executeTakeFirst();
  }

  /** When a key was used last, to the minute. */
  async #note(id: string, now: Milliseconds): Promise<void> {
    if (now - (this.#used.get(id) ?? 0) < MINUTE) return;
    this.#used.set(id, now);
    await this.#records
      .updateTable('api_keys')
      .set({ last_used_at: new Date(now) })
      .where('id', '=', id)
      .execute();
  }
}

function keyOf(row: Selectable<ApiKeysTable>): Key {
  return {
    id: row.id,
    name: row.name,
    scopes: row.scopes,
    prefix: row.prefix,
    created_at: row.created_at.toISOString(),
    last_used_at: row.last_used_at?.toISOString() ?? null,
  };
}
