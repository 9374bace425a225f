import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Secrets } from '../folder.ts';

/** The secret with which the shop's own server signs ids; made of the one that signs links, and tells nothing of it. */
export function signingSecret({ link_secret }: Pick<Secrets, 'link_secret'>): string {
  return createHmac('sha256', link_secret).update('widget user ids').digest('base64url');
}

/**
 * Signs the id of a customer who is signed in at the shop, as the shop's server does.
 *
 * @returns HMAC-SHA256 of the id in 64 hexadecimal digits
 */
export function signUser(secret: string, userId: string): string {
  return createHmac('sha256', secret).update(userId).digest('hex');
}

export function isSignedBy(secret: string, userId: string, token: string): boolean {
  const [given, right] = [Buffer.from(token, 'hex'), Buffer.from(signUser(secret, userId), 'hex')];
  return given.length === right.length && timingSafeEqual(given, right);
}
