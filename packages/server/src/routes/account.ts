import { api, AppError, type User } from '@bellwether/contracts';
import { closeSession, openSession } from '../accounts/sessions.ts';
import { hashToken } from '../accounts/tokens.ts';
import { changePassword, resetPassword, signIn } from '../accounts/users.ts';
import { SESSION_COOKIE, type Caller } from '../http/access.ts';
import { DONE, type Call, type Mount } from '../http/mount.ts';
import type { Installation } from '../installation.ts';

const { account } = api;
/** Guessing a password takes longer than anybody lives. */
const SIGN_INS = { max: 10, timeWindow: '1 minute' };

export function mountAccount(on: Mount, { stores: { records }, wall, settings, keys }: Installation): void {
  on(
    account.signIn,
    async ({ body }, { request, reply }) => {
      const user = await signIn(records, body.email, body.password);
      const { token, expires } = await openSession(records, wall, user.id, settings.sessionDays);
      reply.setCookie(SESSION_COOKIE, token, { ...cookieOf(settings.publicUrl, request.protocol), expires });
      return user;
    },
    SIGN_INS,
  );
  on(account.me, async (_, call) => personOf(call).user);
  on(account.signOut, async (_, { request, reply }) => {
    const { caller } = request;
    if (caller?.session !== undefined) await closeSession(records, caller.session);
    reply.clearCookie(SESSION_COOKIE, cookieOf(settings.publicUrl, request.protocol));
    return DONE;
  });
  on(
    account.changePassword,
    async ({ body }, call) => {
      const { user, session } = personOf(call);
      await changePassword(records, user.id, body, hashToken(session));
      return DONE;
    },
    SIGN_INS,
  );
  on(account.resetPassword, async ({ body }) => {
    return { email: body.email, password: await resetPassword(records, body.email) };
  });
  on(account.keys, async () => keys.list());
  on(account.createKey, async ({ body }) => keys.create(body.name, body.scopes));
  on(account.revokeKey, async ({ params }) => {
    await keys.revoke(params.id);
    return DONE;
  });
}

/** Never read by scripts, never sent from another site's forms; over TLS only where TLS is. */
function cookieOf(publicUrl: string | undefined, protocol: string) {
  const secure = protocol === 'https' || publicUrl?.startsWith('https:') === true;
  return { path: '/', httpOnly: true, sameSite: 'lax', secure } as const;
}

function personOf({ request }: Call): Required<Pick<Caller, 'user' | 'session'>> {
  const { user, session }: { user?: User; session?: string } = request.caller ?? {};
  if (user !== undefined && session !== undefined) return { user, session };
  throw new AppError('access.no_person', 'a key is no person; sign in with e-mail and password');
}
