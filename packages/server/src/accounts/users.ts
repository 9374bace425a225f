import { AppError, type Clock, type User } from '@bellwether/contracts';
import type { Records, Selectable, UsersTable } from '@bellwether/records';
import { hashPassword, randomPassword, verifyPassword } from './passwords.ts';
import { newId } from './tokens.ts';

export interface FirstUser {
  email: string;
  locale: User['locale'];
}

/** Creates the first user where there is none, with a random password that is told once. */
export async function ensureFirstUser(
  records: Records,
  clock: Clock,
  first: FirstUser,
): Promise<{ email: string; password: string } | undefined> {
  const anybody = await records.selectFrom('users').select('id').limit(1).executeTakeFirst();
  if (anybody !== undefined) return undefined;
  const password = randomPassword();
  const row = {
    id: newId('usr'),
    email: first.email.toLowerCase(),
    name: 'Admin',
    role: 'admin' as const,
    locale: first.locale,
    password_hash: await hashPassword(password),
    created_at: new Date(clock.now()),
  };
  await records.insertInto('users').values(row).execute();
  return { email: row.email, password };
}

/**
 * @throws AppError `account.wrong_password`, the same for an unknown e-mail
 */
export async function signIn(records: Records, email: string, password: string): Promise<User> {
  const row = await records
    .selectFrom('users')
    .selectAll()
    .where('email', '=', email.toLowerCase())
    .executeTakeFirst();
  if ((await verifyPassword(row?.password_hash, password)) && row !== undefined) return userOf(row);
  throw new AppError('account.wrong_password', 'this e-mail and password do not belong together');
}

/** Changes a password and ends the user's other sessions. */
export async function changePassword(
  records: Records,
  userId: string,
  given: { current: string; next: string },
  keepSession: string,
): Promise<void> {
  const row = await records
    .selectFrom('users')
    .select('password_hash')
    .where('id', '=', userId)
    .executeTakeFirst();
  if (!(await verifyPassword(row?.password_hash, given.current)))
    throw new AppError('account.wrong_password', 'the current password is not this one');
  await setPassword(records, userId, given.next);
  await records
    .deleteFrom('sessions')
    .where('user_id', '=', userId)
    .where('token_hash', '!=', keepSession)
    .execute();
}

/**
 * Gives a user a new random password and ends every session of theirs.
 *
 * @throws AppError `account.unknown` when nobody has the e-mail
 */
export async function resetPassword(records: Records, email: string): Promise<string> {
  const row = await records
    .selectFrom('users')
    .select('id')
    .where('email', '=', email.toLowerCase())
    .executeTakeFirst();
  if (row === undefined) throw new AppError('account.unknown', `nobody has the e-mail ${email}`);
  const password = randomPassword();
  await setPassword(records, row.id, password);
  await records.deleteFrom('sessions').where('user_id', '=', row.id).execute();
  return password;
}

async function setPassword(records: Records, userId: string, password: string): Promise<void> {
  const password_hash = await hashPassword(password);
  await records.updateTable('users').set({ password_hash }).where('id', '=', userId).execute();
}

export function userOf(row: Selectable<UsersTable>): User {
  const { id, email, name, role, locale } = row;
  return { id, email, name, role, locale };
}
