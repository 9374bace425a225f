import { freshWarehouse } from '@bellwether/testing';
import type { Warehouse } from '@bellwether/warehouse';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { emailSql, normalEmail, normalPhone, phoneSql } from './contacts.ts';

let warehouse: Warehouse;
beforeAll(async () => {
  warehouse = await freshWarehouse();
});
afterAll(() => warehouse.close());

test.each([
  [' Ann@Shop.COM ', 'ann@shop.com'],
  ['ＡＮＮ＠ｓｈｏｐ．ｃｏｍ', 'ann@shop.com'],
  ['a.n.n+news@gmail.com', 'a.n.n+news@gmail.com'],
  ['王芳@例子.中国', '王芳@例子.中国'],
  ['ann at shop.com', ''],
  ['ann@shop', ''],
  ['', ''],
])('the e-mail address %j is %j', (told, normal) => {
  expect(normalEmail(told)).toBe(normal);
});

test.each([
  ['138 0013 8000', '+8613800138000'],
  ['１３８００１３８０００', '+8613800138000'],
  ['+86 138-0013-8000', '+8613800138000'],
  ['008613800138000', '+8613800138000'],
  ['8613800138000', '+8613800138000'],
  ['013800138000', '+8613800138000'],
  ['13800138000.0', '+8613800138000'],
  ['+44 (0)20 7946 0018', '+442079460018'],
  ['0044 20 7946 0018', '+442079460018'],
  // a national number says no country; one of North America that begins +13 is not Chinese
  ['020 7946 0018', '2079460018'],
  ['+1 (380) 013-8000', '+13800138000'],
  ['12345', ''],
  ['unknown', ''],
])('the phone number %j is %j', (told, normal) => {
  expect(normalPhone(told)).toBe(normal);
});

test('SQL and TypeScript write an address alike', async () => {
  const piece = fc.constantFrom(
    ...'0013868７+(0). -aB＠@x.王\\\'"\n\t'.split(''),
    '+86',
    '00',
    '(0)',
    '138001380',
  );
  const texts = fc.sample(
    fc.array(piece, { maxLength: 14 }).map(pieces => pieces.join('')),
    3000,
  );
  await warehouse.command('CREATE TABLE texts (text String) ENGINE = Memory');
  await warehouse.insert(
    'texts',
    texts.map(text => ({ text })),
    { token: 'texts' },
  );
  const rows = await warehouse.query<{ text: string; email: string; phone: string }>(
    `SELECT text, ${emailSql('text')} AS email, ${phoneSql('text')} AS phone FROM texts`,
  );
  expect(rows).toHaveLength(texts.length);
  expect(rows).toEqual(
    rows.map(({ text }) => ({ text, email: normalEmail(text), phone: normalPhone(text) })),
  );
});
