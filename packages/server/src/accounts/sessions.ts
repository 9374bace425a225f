import { DAY, type Clock, type User } from '@bellwether/contracts';
import type { Records } from '@bellwether/records';
import { hashToken, randomToken } from './tokens.ts';
import { userOf } from './users.ts';

/** Opens a session and sweeps those that have expired. */
export async function openSession(
  records: Records,
  clock: Clock,
  userId: string,
  days: number,
): Promise<{ token: string; expires: Date }> {
  const token = randomToken();
  const now = clock.now();
  const expires = new Date(now + days * DAY);
  await records.deleteFrom('sessions').where('expires_at', '<', new Date(now)).execute();
  await records
    .insertInto('sessions')
    .values({ token_hash: hashToken(token), user_id: userId, created_at: new Date(now), expires_at: expires })
    .execute();
  return { token, expires };
}

export async function sessionUser(records: Records, clock: Clock, token: string): Promise<User | undefined> {
  const row = await records
    .selectFrom('sessions')
    .innerJoin('users', 'users.id', 'sessions.user_id')
    .selectAll('users')
    .where('sessions.token_hash', '=', hashToken(token))
    .where('sessions.expires_at', '>', new Date(clock.now()))
    .executeTakeFirst();
  return row === undefined ? undefined : userOf(row);
}

export async function closeSession(records: Records, token: string): Promise<void> {
  await records.deleteFrom('sessions').where('token_hash', '=', hashToken(token)).execute();
}
