import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { orderLinesOf } from './purchase-log.ts';

const folder = mkdtempSync(join(tmpdir(), 'bellwether-log-'));
afterAll(() => rmSync(folder, { recursive: true }));
const fileOf = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

test('a log of fixed width becomes order lines, its customer the number within the sample', async () => {
  const log = fileOf('log.txt', ' 00007 0001 19970203  2   20.50\r\n 00007 0001 19970405  1    9.99\r\n');
  const path = await orderLinesOf(log, folder);
  expect(readFileSync(path, 'utf8')).toBe(
    'order_id,product_id,quantity,unit_price,date,customer_id\n' +
      '0001-1,purchase,1,20.50,1997-02-03,0001\n0001-2,purchase,1,9.99,1997-04-05,0001\n',
  );
});

test('any other file is left as it is', async () => {
  for (const text of ['order_id,sku\n1,A\n', '', 'prose that goes on\n'])
    expect(await orderLinesOf(fileOf('other.txt', text), folder)).toBe(join(folder, 'other.txt'));
});
