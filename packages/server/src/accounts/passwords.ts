import { hash, verify } from '@node-rs/argon2';
import { randomInt } from 'node:crypto';

// argon2id with OWASP's first recommendation: 19 MiB, 2 passes, 1 lane. 2 is the library's const enum for argon2id.
const ARGON2ID = 2;
const COST = { algorithm: ARGON2ID, memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** What is compared for an e-mail that nobody has, so that it takes as long as one that somebody has. */
let nobody: Promise<string> | undefined;

export function hashPassword(password: string): Promise<string> {
  return hash(password, COST);
}

/** Whether the password is the one hashed; `undefined` stands for a user who does not exist. */
export async function verifyPassword(hashed: string | undefined, password: string): Promise<boolean> {
  nobody ??= hashPassword('nobody');
  const right = await verify(hashed ?? (await nobody), password);
  return right && hashed !== undefined;
}

/** Without letters and digits that look alike. */
const ALPHABET = 'abcdefghijkmnpqrstuvwxyz23456789';

/** 95 bits in groups that can be read out: `kx3f-…`. */
export function randomPassword(): string {
  const group = (): string => Array.from({ length: 5 }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
  return [group(), group(), group(), group()].join('-');
}
