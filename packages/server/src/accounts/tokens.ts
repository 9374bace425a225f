import { createHash, randomBytes } from 'node:crypto';

/** 256 random bits; only their hash is stored. */
export function randomToken(): string {
  return randomBytes(32).toString('base64url');
}

/** Tokens are random and long, so a plain hash is as good as a slow one. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** A short identity that sorts nowhere and tells nothing: `usr_4f…`. */
export function newId(prefix: string): string {
  return `${prefix}_${randomBytes(9).toString('base64url')}`;
}
