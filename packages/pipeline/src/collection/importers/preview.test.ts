import fc from 'fast-check';
import iconv from 'iconv-lite';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { encodingOf } from './file/encoding.ts';
import { mappingFile, previewFile, readMappingFile } from './index.ts';
import { nameConfidence, normalised } from './recognise/names.ts';
import { fileOf } from './stores.test-support.ts';

const preview = (name: string, content: string | Buffer): ReturnType<typeof previewFile> =>
  previewFile(fileOf(name, content), name);

const EXPORTS: [string, string, string, object][] = [
  [
    'an English shop’s order lines',
    'order_lines',
    'Order Number,SKU,Product Name,Qty,Unit Price (GBP),Order Date,Email Address\n1,A,Mug,1,£2.50,2025-01-01,a@x.org\n',
    {
      order_id: 'Order Number',
      product_id: 'SKU',
      description: 'Product Name',
      quantity: 'Qty',
      unit_price: 'Unit Price (GBP)',
      at: 'Order Date',
      email: 'Email Address',
    },
  ],
  [
    'a Chinese shop’s order lines',
    'order_lines',
    '订单编号,商品编码,商品标题,购买数量,单价(元),下单时间,会员号\n1,A,马克杯,1,15.5,2024-01-05,u1\n',
    {
      order_id: '订单编号',
      product_id: '商品编码',
      description: '商品标题',
      quantity: '购买数量',
      unit_price: '单价(元)',
      at: '下单时间',
      customer_id: '会员号',
    },
  ],
  [
    'customers',
    'customers',
    'id,First Name,surname,mail,Accepts Marketing\n1,A,B,a@x.org,yes\n',
    {
      customer_id: 'id',
      first_name: 'First Name',
      last_name: 'surname',
      email: 'mail',
      email_consent: 'Accepts Marketing',
    },
  ],
  [
    'Chinese customers',
    'customers',
    '客户编号,姓名,手机号,注册时间\n1,张三,13800000000,2024年1月5日\n',
    { customer_id: '客户编号', name: '姓名', phone: '手机号', created_at: '注册时间' },
  ],
  [
    'products',
    'products',
    'sku;title;vendor;price\nA;Mug;X;1,50\n',
    { product_id: 'sku', title: 'title', brand: 'vendor', price: 'price' },
  ],
  [
    'events',
    'events',
    'event\ttime\tdistinct_id\nsignup\t1740823200\tu1\n',
    { name: 'event', at: 'time', user_id: 'distinct_id' },
  ],
  [
    'ad figures',
    'ad_performance',
    '日期,计划,展现量,点击量,花费\n2025-01-01,春,100,3,4.5\n',
    { day: '日期', campaign: '计划', impressions: '展现量', clicks: '点击量', cost: '花费' },
  ],
];

test.each(EXPORTS)('%s are recognised by themselves', async (_, kind, text, fields) => {
  const found = await preview('export.csv', text);
  expect(found).toMatchObject({ kind, missing: [] });
  expect(found.mapping.fields).toEqual(fields);
  expect(found.confidence).toBeGreaterThan(0.6);
});

test('a preview says how sure it is of each column, and why', async () => {
  const text =
    'order_id,sku,quantity,price,date,contact,date of birth\n1,A,few,2.5,2025-01-01,a@x.org,1990-01-01\n1,B,2,3.5,2025-01-02,b@x.org,\n';
  const { columns, rows, mapping } = await preview('o.csv', text);
  expect(rows).toEqual([
    ['1', 'A', 'few', '2.5', '2025-01-01', 'a@x.org', '1990-01-01'],
    ['1', 'B', '2', '3.5', '2025-01-02', 'b@x.org', ''],
  ]);
  const told = Object.fromEntries(
    columns.map(({ name, field, confidence, why }) => [name, [field, confidence, why]]),
  );
  expect(told['sku']).toEqual(['product_id', 0.94, 'its name; 100 % of its values fit']);
  expect(told['quantity']).toEqual(['quantity', 0.66, 'its name, but only 50 % of its values are a number']);
  expect(told['contact']).toEqual(['email', 0.8, 'its values are e-mail addresses']);
  expect(told['date of birth']).toEqual([null, 0, '']);
  expect(mapping.fields).not.toHaveProperty('created_at');
});

test('a kind and a mapping that a person chose are taken', async () => {
  const path = fileOf(
    'x.csv',
    'a,b,c,d,e\n536365,85123A,6,2.55,2010-12-01\n536365,71053,6,3.39,2010-12-01\n',
  );
  const guessed = await previewFile(path, 'x.csv', { kind: 'order_lines' });
  expect(guessed.mapping.fields).toMatchObject({ at: 'e', unit_price: 'd' });
  const mapping = { fields: { order_id: 'a', product_id: 'b', quantity: 'c', unit_price: 'd', at: 'e' } };
  const chosen = await previewFile(path, 'x.csv', { kind: 'order_lines', mapping });
  expect(chosen).toMatchObject({ mapping, missing: [] });
  expect(chosen.columns[0]).toMatchObject({ field: 'order_id', confidence: 1, why: 'chosen by hand' });
});

test('a file without a header has numbered columns', async () => {
  const found = await previewFile(fileOf('x.csv', '1,A,2.5\n2,B,3.5\n'), 'x.csv', { kind: 'products' });
  expect(found).toMatchObject({
    format: { header: false },
    columns: [{ name: 'column 1' }, { name: 'column 2' }, { name: 'column 3' }],
  });
});

const ZIP = (name: string, flags = 0): Buffer =>
  Buffer.concat([
    Buffer.from('PK\x03\x04\x14\x00', 'latin1'),
    Buffer.from([flags, 0]),
    Buffer.alloc(22),
    Buffer.from(name),
  ]);
const ROWS = 'order_id,sku\n'.repeat(3000);

const WRONG: [string, string | Buffer, string, string][] = [
  ['empty', '', 'import.file_empty', 'o.csv is empty; an export with a header line and rows is expected'],
  ['a header only', 'order_id,sku\n', 'import.no_rows', 'no row that can be read'],
  [
    'binary',
    Buffer.from([1, 2, 0, 3, 0, 0, 7, 255, 254, 1]),
    'import.binary',
    'o.csv is a binary file of no known kind',
  ],
  ['an Excel workbook', ZIP('[Content_Types].xml'), 'import.wrong_format', 'open it and save it as CSV'],
  [
    'an old or locked workbook',
    Buffer.from('d0cf11e0a1b11ae1000000', 'hex'),
    'import.wrong_format',
    'or one with a password',
  ],
  ['a zip archive', ZIP('orders.csv'), 'import.wrong_format', 'unpack it and import the file inside'],
  ['a locked zip archive', ZIP('orders.csv', 1), 'import.wrong_format', 'a zip archive with a password'],
  ['a PDF', '%PDF-1.7 …', 'import.wrong_format', 'is a PDF'],
  ['a web page', '<!DOCTYPE html><html>', 'import.wrong_format', 'a web page or XML'],
  [
    'torn gzip',
    gzipSync(ROWS).subarray(0, 60),
    'import.gzip_truncated',
    'ends in the middle of its gzip stream',
  ],
  [
    'broken gzip',
    Buffer.concat([gzipSync(ROWS).subarray(0, 20), Buffer.alloc(80, 0xff)]),
    'import.gzip_damaged',
    'is a damaged gzip file',
  ],
  ['cut Parquet', 'PAR1 and then nothing', 'import.parquet_damaged', 'cannot be read'],
  ['one JSON object', '{\n "a": {\n "b": 1 }}', 'import.one_object', 'one JSON object over many lines'],
  ['UTF-16 of the other kind', Buffer.from('feff0061', 'hex'), 'import.wrong_encoding', 'save it as UTF-8'],
  [
    'prose',
    'Dear all,\nplease find the figures\nbelow\n',
    'import.no_columns',
    'lines without a delimiter (“Dear all,”)',
  ],
  [
    'fixed width',
    ' 00004 0001 19970101  2   29.33\n 00004 0001 19970118  2   29.73\n',
    'import.no_columns',
    '5 columns of fixed width',
  ],
  [
    'another table',
    'age;job;y\n1;a;no\n2;b;no\n',
    'import.kind_unknown',
    'o.csv was read (3 columns: “age”, “job”, “y”)',
  ],
];

test.each(WRONG)('%s: a sentence says what was expected and found', async (_, content, code, sentence) => {
  const failed = await preview('o.csv', content).catch((error: unknown) => error as Error);
  expect(failed).toMatchObject({ code });
  expect((failed as Error).message).toContain(sentence);
});

test('a file that is not there, and a folder, are said to be so', async () => {
  await expect(previewFile('/nowhere/o.csv')).rejects.toMatchObject({ code: 'import.file_missing' });
  await expect(previewFile(import.meta.dirname)).rejects.toMatchObject({
    code: 'import.not_a_file',
  });
});

test('encodings are told from each other by the bytes', () => {
  const french = fc.array(fc.constantFrom('été', 'garçon', 'naïve', 'a,b', '12', 'Ärger', 'français', '\n'), {
    minLength: 5,
  });
  fc.assert(
    fc.property(french, words => {
      const text = `é ${words.join(' ')}`;
      expect(encodingOf(iconv.encode(text, 'win1252'))).toBe('latin1');
      expect(encodingOf(Buffer.from(text))).toBe('utf-8');
      expect(encodingOf(iconv.encode(`name,${text}`, 'utf-16le'))).toBe('utf-16le');
    }),
  );
  const chinese = fc.array(fc.constantFrom('订单', '上海市', '，', '马克杯', 'ok', '12.5', '\n'), {
    minLength: 3,
  });
  fc.assert(
    fc.property(chinese, words => {
      expect(encodingOf(iconv.encode(`价格,${words.join(',')}`, 'gb18030'))).toBe('gb18030');
    }),
  );
});

test('a sample that ends inside a character is still UTF-8', () => {
  const bytes = Buffer.from('价格,数量'.repeat(50));
  for (let cut = 0; cut < 6; cut++) expect(encodingOf(bytes.subarray(0, bytes.length - cut))).toBe('utf-8');
});

test('names are compared without case, signs and width', () => {
  expect(['Invoice No.', 'INVOICE_NO', 'ｉｎｖｏｉｃｅ－ｎｏ'].map(normalised)).toEqual([
    'invoiceno',
    'invoiceno',
    'invoiceno',
  ]);
  const price = {
    name: 'unit_price',
    type: 'number',
    required: true,
    known_as: ['unitprice', 'price'],
  } as const;
  expect(nameConfidence(price, 'Price (USD)')).toBeGreaterThan(0.8);
  expect(nameConfidence(price, 'Priceless')).toBe(0);
});

test('a mapping goes through a file unchanged; a broken file says what is wrong', () => {
  const mapping = {
    fields: { order_id: 'Invoice' },
    day_first: true,
    timezone: 'Europe/London',
    currency: 'GBP',
  };
  expect(readMappingFile(mappingFile(mapping))).toEqual(mapping);
  expect(() => readMappingFile('{')).toThrow('the mapping is not readable');
  expect(() => readMappingFile('{"fields": {"a": 1}}')).toThrow('fields.a');
});
