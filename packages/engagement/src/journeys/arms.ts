import type { ArmName } from '@bellwether/records';
import { createHash } from 'node:crypto';

const BITS = 52;

/**
 * The arm of a customer in a journey: a hash decides, so that it is the same today, tomorrow and after a crash, and
 * says nothing of the customer. Arms of two journeys are independent.
 *
 * @param salt the journey's id
 * @param holdout share that is left alone, 0 to 0.9
 * @returns the arm, and the probability with which this arm was drawn
 * @example
 * armOf('journey-1', 'customer-17', 0.2) // { arm: 'treated', propensity: 0.8 }
 */
export function armOf(
  salt: string,
  customerId: string,
  holdout: number,
): { arm: ArmName; propensity: number } {
  const heldOut = position(salt, customerId) < holdout;
  return heldOut ? { arm: 'holdout', propensity: holdout } : { arm: 'treated', propensity: 1 - holdout };
}

/** Where the hash puts a customer, uniform in [0, 1). */
export function position(salt: string, customerId: string): number {
  const digest = createHash('sha256')
    .update(JSON.stringify([salt, customerId]))
    .digest();
  return Number(digest.readBigUInt64BE() >> BigInt(64 - BITS)) / 2 ** BITS;
}
