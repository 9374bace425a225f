import { api } from '@bellwether/contracts';
import { withServer } from '../connect.ts';
import type { Context } from '../context.ts';

/** A new random password for a user, by default the first; their sessions end. */
export async function passwordCommand(context: Context, email: string | undefined): Promise<void> {
  const { settings } = context.read();
  await withServer(context, async client => {
    const body = { email: email ?? settings.adminEmail };
    const reset = await client.call(api.account.resetPassword, { body });
    context.output.tell('password', reset, `${reset.email}  ${reset.password}`);
  });
}
