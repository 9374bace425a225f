import { z } from 'zod';
import { route } from '../route.ts';
import { Done, Id, IdParams, Moment } from './shared.ts';

export const ROLES = ['marketer', 'analyst', 'developer', 'admin'] as const;
export const User = z.object({
  id: Id,
  email: z.email(),
  name: z.string(),
  role: z.enum(ROLES),
  locale: z.enum(['en', 'zh-CN']),
});
export type User = z.infer<typeof User>;

export const SCOPES = ['track', 'read', 'write', 'admin'] as const;
export const Key = z.object({
  id: Id,
  name: z.string(),
  scopes: z.array(z.enum(SCOPES)),
  /** The first characters, to tell keys apart. The key itself is shown once. */
  prefix: z.string(),
  created_at: Moment,
  last_used_at: Moment.nullable(),
});
export type Key = z.infer<typeof Key>;

export const account = {
  signIn: route({
    method: 'POST',
    path: '/v1/session',
    summary: 'Sign in with e-mail and password; sets a session cookie',
    access: 'public',
    body: z.object({ email: z.email(), password: z.string().min(1).max(200) }),
    reply: User,
  }),
  me: route({ method: 'GET', path: '/v1/session', summary: 'Who is signed in', access: 'read', reply: User }),
  signOut: route({
    method: 'DELETE',
    path: '/v1/session',
    summary: 'Sign out',
    access: 'public',
    reply: Done,
  }),
  changePassword: route({
    method: 'PUT',
    path: '/v1/session/password',
    summary: 'Change your own password',
    access: 'read',
    body: z.object({ current: z.string().max(200), next: z.string().min(10).max(200) }),
    reply: Done,
  }),
  resetPassword: route({
    method: 'POST',
    path: '/v1/users/password',
    summary: 'Give a user a new random password; the answer shows it once',
    access: 'admin',
    body: z.object({ email: z.email() }),
    reply: z.object({ email: z.email(), password: z.string() }),
  }),
  keys: route({
    method: 'GET',
    path: '/v1/keys',
    summary: 'Keys of programs',
    access: 'admin',
    reply: z.array(Key),
  }),
  createKey: route({
    method: 'POST',
    path: '/v1/keys',
    summary: 'Create a key; the answer shows it once',
    access: 'admin',
    body: z.object({ name: z.string().min(1).max(100), scopes: z.array(z.enum(SCOPES)).min(1) }),
    reply: Key.extend({ key: z.string() }),
  }),
  revokeKey: route({
    method: 'DELETE',
    path: '/v1/keys/:id',
    summary: 'Revoke a key',
    access: 'admin',
    params: IdParams,
    reply: Done,
  }),
};
export type Role = (typeof ROLES)[number];
export type Scope = (typeof SCOPES)[number];
