import { CANONICAL_TABLES, REFUSALS } from '@bellwether/contracts';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { en } from './en/index.ts';
import { zhCN } from './zh-CN/index.ts';

const withoutPlural = (key: string): string => key.replace(/_(one|other)$/, '');
const keysOf = (dictionary: object): string[] =>
  [...new Set(Object.keys(dictionary).map(withoutPlural))].sort();
const holes = (text: string): string[] =>
  [...text.matchAll(/\{\{(\w+)\}\}/g)].map(hole => hole[1] ?? '').sort();

/** Every source of the console but its tests and its dictionaries. */
function sources(folder: string): string[] {
  return readdirSync(folder).flatMap(name => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return ['words', 'testing'].includes(name) ? [] : sources(path);
    return /(?<!\.test)\.tsx?$/.test(name) ? [readFileSync(path, 'utf8')] : [];
  });
}
const code = sources(resolve(import.meta.dirname, '..')).join('\n');
const quoted = new Set([...code.matchAll(/'([a-zA-Z0-9_.]+)'/g)].map(match => match[1] ?? ''));
/** What stands before the changing part: t(`refusal.${reason}`), say('unit', …). */
const prefixes = [
  ...[...code.matchAll(/`([a-zA-Z.]+)\.\$\{/g)].map(match => match[1] ?? ''),
  ...[...code.matchAll(/\bsay\('([a-zA-Z]+)',/g)].map(match => match[1] ?? ''),
  ...[...code.matchAll(/useLookup\(\)\('([a-zA-Z]+)',/g)].map(match => match[1] ?? ''),
];

describe('the dictionaries', () => {
  test('hold the same keys', () => {
    expect(keysOf(zhCN)).toEqual(keysOf(en));
  });

  test('leave the same holes for figures, or the language has a reason to leave one out', () => {
    for (const key of Object.keys(zhCN) as (keyof typeof zhCN)[]) {
      const extra = holes(zhCN[key]).filter(hole => !holes(en[key]).includes(hole));
      expect(extra, key).toEqual([]);
    }
  });

  test('hold no empty word but the gap between Chinese sentences, and no Chinese in English', () => {
    for (const [key, text] of Object.entries(en)) {
      expect(text, key).not.toBe('');
      if (key !== 'language.other') expect(text, key).not.toMatch(/\p{Script=Han}/u);
    }
    for (const [key, text] of Object.entries(zhCN))
      if (key !== 'sentence.gap') expect(text, key).not.toBe('');
  });

  test('have every key that the code asks for', () => {
    const asked = [...code.matchAll(/\bt\(\s*'([^']+)'/g)].map(match => match[1] ?? '');
    expect(asked.length).toBeGreaterThan(200);
    expect(asked.filter(key => !keysOf(en).includes(key))).toEqual([]);
  });

  test('have no key that the code never asks for', () => {
    const isUsed = (key: string) => quoted.has(key) || prefixes.some(prefix => key.startsWith(`${prefix}.`));
    expect(keysOf(en).filter(key => !isUsed(key))).toEqual([]);
  });

  test('have a sentence and a remedy for every refusal, and a word for every field', () => {
    const known = keysOf(en);
    for (const reason of REFUSALS)
      expect(known).toEqual(expect.arrayContaining([`refusal.${reason}`, `mend.${reason}`]));
    for (const { fields } of Object.values(CANONICAL_TABLES)) {
      for (const { name } of fields) expect(known).toContain(`field.${name}`);
    }
  });
});
