import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { addressOf } from './mail/address.ts';
import { describeSettings, maskUrl, readSettings } from './settings.ts';

let data: string;
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'bellwether-settings-'));
});
afterEach(() => rmSync(data, { recursive: true, force: true }));

const file = (content: string): void => writeFileSync(join(data, 'bellwether.json'), content);
const read = (env: Record<string, string> = {}, options = {}) =>
  readSettings({ env: { BELLWETHER_DATA: data, ...env }, options });

test('the command line wins over the environment, which wins over the file, which wins over defaults', () => {
  file('{"port": 1, "shopName": "File", "host": "0.0.0.0"}');
  const { settings, sources } = read({ BELLWETHER_PORT: '2', SHOP_NAME: 'Environment' }, { port: '3' });
  expect(settings).toMatchObject({ port: 3, shopName: 'Environment', host: '0.0.0.0', locale: 'en', data });
  expect(sources).toMatchObject({ port: 'option', shopName: 'environment', host: 'file', locale: 'default' });
});

test('every fault is named at once, with where it stands', () => {
  file('{"uploadBytes": -1}');
  const faulty = () => read({ BELLWETHER_PORT: 'many', BELLWETHER_CURRENCY: 'pounds' });
  expect(faulty).toThrow(
    /BELLWETHER_PORT: .*; BELLWETHER_CURRENCY: .*; "uploadBytes" in .*bellwether\.json: /,
  );
});

test.each(['{', '[]', '"x"', '{"prot": 4600}'])(
  'a settings file that says %s is refused with a sentence',
  text => {
    file(text);
    expect(() => read()).toThrow(/bellwether\.json/);
  },
);

test('a file that was asked for must be there', () => {
  expect(() => read({ BELLWETHER_CONFIG: join(data, 'none.json') })).toThrow(/does not exist/);
});

test('passwords are not printed', () => {
  const settings = read({
    RECORDS_URL: 'postgres://me:secret@db/x?sslpassword=hidden',
    SMTP_URL: 'smtps://u:p4ss@mail',
  });
  const text = JSON.stringify(describeSettings(settings));
  expect(text).toContain('postgres://me:***@db');
  expect(text).not.toMatch(/secret|hidden|p4ss/);
  expect(maskUrl('http://host/')).toBe('http://host/');
});

test('a sender is a name with an address, or an address alone', () => {
  expect(addressOf('"Tea & Books" <a@b.c>')).toEqual({ name: 'Tea & Books', address: 'a@b.c' });
  expect(addressOf('a@b.c')).toEqual({ name: '', address: 'a@b.c' });
  expect(() => addressOf('Tea <>')).toThrow(/MAIL_FROM/);
});
