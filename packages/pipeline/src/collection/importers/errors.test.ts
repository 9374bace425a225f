import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { IMPORT_ERRORS } from './index.ts';

test('every code that an importer throws is in the table, and no other', () => {
  const files = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' });
  const sources = files.filter(file => /(?<!\.test|\.test-support|errors)\.ts$/.test(file));
  const text = sources.map(file => readFileSync(`${import.meta.dirname}/${file}`, 'utf8')).join('\n');
  const steps = ['import.read', 'import.check', 'import.publish', 'import.hash'];
  const thrown = [...text.matchAll(/'(import\.[a-z_]+)'/g)]
    .map(match => match[1])
    .filter(code => !steps.includes(code));
  expect([...new Set(thrown)].sort()).toEqual(Object.keys(IMPORT_ERRORS).sort());
});
