import { AppError, type Access, type Scope, type User } from '@bellwether/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { sessionUser } from '../accounts/sessions.ts';
import type { Installation } from '../installation.ts';

/** Who is calling: a person signed in, or a program with a key. */
export interface Caller {
  id: string;
  name: string;
  scopes: readonly Scope[];
  /** The person and the token of the session, where it is a person. */
  user?: User;
  session?: string;
}

declare module 'fastify' {
  interface FastifyRequest {
    caller: Caller | undefined;
  }
}

export const SESSION_COOKIE = 'bellwether_session';

/** What each scope lets a program do; a person may read and write, an administrator everything. */
const ALLOWS: Readonly<Record<Scope, readonly Access[]>> = {
  track: [],
  read: ['read'],
  write: ['read', 'write'],
  admin: ['read', 'write', 'admin'],
};

/** The key of a call: `Authorization: Bearer KEY`, or the user of Basic, as Segment's clients send it. */
export function keyOf(authorization: string | undefined): string | undefined {
  const [, scheme, rest] = /^(Bearer|Basic) +(\S+)$/i.exec(authorization ?? '') ?? [];
  if (scheme === undefined || rest === undefined) return undefined;
  if (scheme.toLowerCase() === 'bearer') return rest;
  const pair = Buffer.from(rest, 'base64').toString('utf8');
  return pair.split(':', 1)[0];
}

/** Finds out who calls, and refuses a key that nobody holds. Whether they may is each route's question. */
export async function authenticate(installation: Installation, request: FastifyRequest): Promise<void> {
  const key = keyOf(request.headers.authorization);
  request.caller =
    key === undefined ? await personOf(installation, request) : await holderOf(installation, key);
}

async function holderOf(installation: Installation, key: string): Promise<Caller> {
  const holder = await installation.keys.holder(key);
  if (holder !== undefined) return holder;
  throw new AppError('access.unauthenticated', 'nobody holds this key; it may have been revoked');
}

async function personOf(installation: Installation, request: FastifyRequest): Promise<Caller | undefined> {
  const session = request.cookies[SESSION_COOKIE];
  if (session === undefined) return undefined;
  const user = await sessionUser(installation.stores.records, installation.wall, session);
  if (user === undefined) return undefined;
  refuseOtherSites(installation, request);
  return {
    id: user.id,
    name: user.email,
    scopes: [user.role === 'admin' ? 'admin' : 'write'],
    user,
    session,
  };
}

/**
 * A browser sends the cookie whoever wrote the page. A call that changes something must come from our own origin, or,
 * where no origin is said, be JSON, which other origins may not send without asking.
 */
function refuseOtherSites(installation: Installation, request: FastifyRequest): void {
  if (request.method === 'GET' || request.method === 'HEAD') return;
  const { origin, host } = request.headers;
  if (origin === undefined) {
    if (request.headers['content-type']?.startsWith('application/json') === true) return;
  } else if (URL.canParse(origin)) {
    const { publicUrl } = installation.settings;
    if (new URL(origin).host === host) return;
    if (publicUrl !== undefined && new URL(publicUrl).origin === origin) return;
  }
  throw new AppError(
    'access.other_site',
    'a signed-in page may change things only from this server’s own origin',
  );
}

/** A hook that lets pass who may. */
export function guard(access: Access) {
  return async (request: FastifyRequest, _reply: FastifyReply): Promise<void> => {
    if (access === 'public') return;
    const { caller } = request;
    if (caller === undefined)
      throw new AppError('access.unauthenticated', 'sign in, or send a key as "Authorization: Bearer …"');
    if (!caller.scopes.some(scope => ALLOWS[scope].includes(access)))
      throw new AppError('access.denied', `this needs the right to ${access}, which ${caller.name} has not`);
  };
}
