import { expect, test } from 'vitest';
import { statusOfCode } from './problems.ts';

test.each([
  ['access.unauthenticated', 401],
  ['account.wrong_password', 401],
  ['access.denied', 403],
  ['customer.unknown', 404],
  ['journey.not_found', 404],
  ['identity.no_such_merge', 404],
  ['scenario.no_version', 404],
  ['journey.not_a_draft', 409],
  ['upload.in_use', 409],
  ['scenario.not_ready', 409],
  ['identity.already_merged', 409],
  ['upload.too_large', 413],
  ['collection.too_large', 413],
  ['collection.not_json', 400],
  ['import.kind_unknown', 422],
  ['preparation.unknown_timezone', 422],
  ['template.bad_mjml', 422],
  ['request.too_many', 429],
  ['warehouse.query_failed', 500],
  ['internal.setting', 500],
  ['warehouse.unreachable', 503],
  ['collection.backlogged', 503],
  ['collection.journal_failed', 503],
])('%s answers with %i', (code, status) => {
  expect(statusOfCode(code)).toBe(status);
});
