import type {
  Arrivals,
  Import,
  PreparationReport,
  Preview,
  QualityReport,
  QuarantineRow,
} from '@bellwether/contracts';
import { ago, day, noise, times } from './made.ts';

export const arrivals: Arrivals = {
  events_total: 182_340,
  orders_total: 409_812,
  quarantined: 214,
  waiting: 12,
  last_received_at: ago(0.001),
  by_day: times(28, i => ({
    day: day(28 - i),
    events: 5_000 + Math.round(3_000 * noise(i)),
    refused: Math.round(14 * noise(i + 90)),
  })),
};

const mapping = {
  fields: {
    order_id: 'InvoiceNo',
    product_id: 'StockCode',
    description: 'Description',
    quantity: 'Quantity',
    at: 'InvoiceDate',
    customer_id: 'CustomerID',
    country: 'Country',
  },
  day_first: false,
};
const format = {
  container: 'csv',
  compression: 'gzip',
  encoding: 'utf-8',
  delimiter: ',',
  header: true,
} as const;

const imported = (id: string, file_name: string, rows: number): Import => ({
  id,
  file_name,
  kind: 'order_lines',
  mapping,
  format,
  state: 'done',
  rows_read: rows,
  rows_loaded: rows,
  rows_refused: 18,
  rows_known: 0,
  bytes_done: rows * 80,
  bytes_total: 32_000_000,
  error: null,
  created_at: ago(2),
  finished_at: ago(2),
});
export const imports: Import[] = [
  { ...imported('i3', 'online_retail.csv.gz', 212_000), state: 'running', finished_at: null },
  {
    ...imported('i2', 'customers.csv', 0),
    kind: 'customers',
    state: 'failed',
    error: 'customers.csv has no column for "customer_id"; found "Kunde", "Ort".',
  },
  imported('i1', 'online_retail_to_2011-08.csv.gz', 320_450),
];

const column = (
  name: string,
  field: string | null,
  confidence: number,
  samples: string[],
): Preview['columns'][number] => ({
  name,
  field,
  confidence,
  samples,
  why: field === null ? 'no name or form that is known' : `“${name}” is a known name of it`,
});
export const preview: Preview = {
  upload_id: 'up1',
  file_name: 'orders.csv',
  bytes: 44_000_000,
  format,
  kind: 'order_lines',
  confidence: 0.94,
  why: '7 of 8 columns carry the names of order lines',
  columns: [
    column('InvoiceNo', 'order_id', 0.98, ['536365', '536366']),
    column('StockCode', 'product_id', 0.97, ['85123A', '71053']),
    column('Description', 'description', 0.9, ['WHITE METAL LANTERN']),
    column('Quantity', 'quantity', 0.99, ['6', '8']),
    column('InvoiceDate', 'at', 0.73, ['2010-12-01 08:26']),
    column('Betrag', null, 0, ['2.55', '3.39']),
    column('CustomerID', 'customer_id', 0.96, ['17850', '13047']),
    column('Country', 'country', 0.99, ['United Kingdom', 'France']),
  ],
  rows: times(8, i => [
    `53636${i}`,
    '85123A',
    'WHITE METAL LANTERN',
    String(6 + i),
    '2010-12-01 08:26',
    '2.55',
    '17850',
    'France',
  ]),
  mapping,
  missing: ['unit_price'],
};

const step = (name: string, en: string, zh: string, dropped: number, kept: number) => ({
  step: name,
  words: { en, 'zh-CN': zh },
  dropped,
  kept,
});
export const preparation: PreparationReport = {
  at: ago(0.01),
  lines_in: 409_812,
  lines_out: 391_240,
  orders_out: 18_402,
  customers_out: 4_338,
  revenue_out: 8_278_519.42,
  currency: 'GBP',
  first_at: ago(250),
  last_at: ago(1),
  steps: [
    step('duplicate', 'Repeats a line of the same order', '同一订单中重复的行', 5_268, 0),
    step('not_a_product', 'Postage, fee, voucher or test code', '运费、费用、礼券或测试代码', 2_995, 0),
    step('zero_price', 'Price is zero', '价格为零', 2_515, 0),
    step(
      'unmatched_return',
      'A cancellation without an earlier sale to take back',
      '取消或退货找不到对应的销售',
      7_794,
      0,
    ),
    step('matched_return', 'A cancellation matched to its sale', '已匹配到原销售的取消或退货', 0, 6_104),
    step('anonymous', 'Buyer unknown: kept as an anonymous basket', '买家未知：保留为匿名购物篮', 0, 98_210),
  ],
};

const LINES = 409_812;
const quality_ = (table: string, name: string, share: number, distinct: number, drift: number | null) => ({
  table,
  column: name,
  rows: LINES,
  nulls: Math.round(share * LINES),
  distinct,
  min: drift === null ? null : '-80995',
  max: drift === null ? null : '80995',
  drift,
});
export const quality: QualityReport = {
  at: ago(0.01),
  tables: [
    ['order_lines', LINES, 5_268] as const,
    ['events', 182_340, 0] as const,
    ['customers', 4_338, 12] as const,
  ].map(([table, rows, duplicates]) => ({
    table,
    rows,
    duplicates,
    first_at: ago(250),
    last_at: ago(1),
    last_received_at: ago(0.01),
  })),
  columns: [
    quality_('order_lines', 'customer_id', 0.249, 4_338, 0.04),
    quality_('order_lines', 'quantity', 0, 684, 0.02),
    quality_('order_lines', 'unit_price', 0, 1_502, 0.31),
    quality_('order_lines', 'country', 0.0002, 38, 0.12),
    quality_('customers', 'email', 0.61, 1_690, null),
  ],
};

export const quarantine = {
  total: 214,
  rows: times<QuarantineRow>(50, i => ({
    id: `q${i}`,
    source: i % 3 === 0 ? 'online_retail.csv.gz' : 'api',
    import_id: i % 3 === 0 ? 'i1' : '',
    line: i % 3 === 0 ? 1_200 + i : 0,
    reason: i % 3 === 0 ? 'not_a_date' : 'no_identity',
    detail: i % 3 === 0 ? '"31/31/2011" is not a date' : 'neither userId nor anonymousId',
    raw:
      i % 3 === 0
        ? '536365,85123A,WHITE METAL LANTERN,6,31/31/2011,2.55'
        : '{"type":"track","event":"Product Viewed"}',
    at: ago(i / 20),
  })),
  reasons: [
    { reason: 'no_identity', source: 'api', count: 140 },
    { reason: 'not_a_date', source: 'online_retail.csv.gz', count: 18 },
    { reason: 'unknown_write_key', source: 'api', count: 56 },
  ] as const,
};

export const merges = [
  { id: 'm1', winner: '13047', loser: 'anon-77', by: 'identify', at: ago(3), undone_at: null },
];
