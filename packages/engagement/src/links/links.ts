import { AppError } from '@bellwether/contracts';
import { createHmac, timingSafeEqual } from 'node:crypto';

export interface LinkSettings {
  /** Where recipients reach this server: `https://mail.shop.example`. */
  publicUrl: string;
  /** Signs the links; at least 32 characters, kept, or links of sent mails stop working. */
  secret: string;
}

/** What a link does when it is followed: `o` counts an opening, `c` a click, `u` unsubscribes. */
export type LinkKind = 'o' | 'c' | 'u';

export interface LinkContent {
  /** The message's key. */
  key: string;
  /** Whom the message was for. */
  customer?: string;
  /** Where a click leads: signed with the rest, so that the link leads nowhere else. */
  url?: string;
}

/** The links of one message. */
export interface MessageLinks {
  unsubscribeUrl: string;
  /** The image that counts an opening; none in a preview. */
  openUrl?: string;
  /** The link that counts a click and leads on to `url`. */
  track(url: string): string;
}

export interface Links {
  of(message: { key: string; customerId: string }): MessageLinks;
  /** What a token says, if it is one of ours and of that kind. */
  read(kind: LinkKind, token: string): LinkContent | undefined;
}

const SECRET_LENGTH = 32;
const MAC_BYTES = 16;

/** Makes and reads signed links; a token is `content.mac`, both in base64url. */
export function openLinks({ publicUrl, secret }: LinkSettings): Links {
  if (secret.length < SECRET_LENGTH)
    throw new AppError(
      'engagement.weak_secret',
      `the secret of links needs ${SECRET_LENGTH} characters or more`,
    );
  const base = baseOf(publicUrl);
  const mac = (kind: LinkKind, content: string): Buffer =>
    createHmac('sha256', secret).update(`${kind}.${content}`).digest().subarray(0, MAC_BYTES);
  const link = (kind: LinkKind, content: LinkContent): string => {
    const text = Buffer.from(JSON.stringify(content)).toString('base64url');
    return `${base}/${kind}/${text}.${mac(kind, text).toString('base64url')}`;
  };
  return {
    of: ({ key, customerId }) => ({
      unsubscribeUrl: link('u', { key, customer: customerId }),
      openUrl: link('o', { key }),
      track: url => (isWeb(url) ? link('c', { key, url }) : url),
    }),
    read: (kind, token) => {
      const [text, sum, ...rest] = token.split('.');
      if (text === undefined || sum === undefined || rest.length > 0) return undefined;
      const [given, right] = [Buffer.from(sum, 'base64url'), mac(kind, text)];
      if (given.length !== right.length || !timingSafeEqual(given, right)) return undefined;
      // whatever carries our signature was written by `link`
      return JSON.parse(Buffer.from(text, 'base64url').toString()) as LinkContent;
    },
  };
}

/** Links of a preview: they lead where they would, count nothing and unsubscribe nobody. */
export const PREVIEW_LINKS: MessageLinks = { unsubscribeUrl: '#', track: url => url };

function isWeb(url: string): boolean {
  return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
}

function baseOf(publicUrl: string): string {
  if (!isWeb(publicUrl))
    throw new AppError('engagement.bad_public_url', `"${publicUrl}" is no address that a mail can link to`);
  return publicUrl.replace(/\/+$/, '');
}
