export { normaliseAddress } from './address.ts';
export { consentOf, consentsOf, currentlyDenied, recordConsent, type ConsentRecord } from './consent.ts';
export {
  ASSUME_CONSENT,
  maySend,
  SEND_REFUSALS,
  type Permission,
  type SendQuestion,
  type SendRefusal,
} from './may-send.ts';
export type { PrivacyStores } from './stores.ts';
export {
  isSuppressed,
  suppress,
  SUPPRESSION_REASONS,
  type Suppression,
  type SuppressionReason,
} from './suppression.ts';
export * from './person/index.ts';
