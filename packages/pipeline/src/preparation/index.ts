export { prepare, lastPreparation } from './prepare.ts';
export type { ShopSettings } from './shop.ts';
export { LINE_STEPS, CUSTOMER_STEPS, type LineStep } from './steps.ts';
export { merges, mergeCustomers, undoMerge, type MergeDecision } from './identity/merges.ts';
export { normalEmail, normalPhone, emailSql, phoneSql } from './identity/contacts.ts';
export { qualityReport, lastQuality } from './quality/quality.ts';
export * from './duplicates/index.ts';
