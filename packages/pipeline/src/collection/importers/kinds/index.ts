import { CANONICAL_TABLES, type CanonicalTable, type ImportKind } from '@bellwether/contracts';
import { sqlBeside } from '@bellwether/warehouse';
import type { Check, Importer } from './importer.ts';

const sql = (file: string): string => sqlBeside(import.meta.url, file);

/** What is read from a line of an access log. */
const ACCESS_LOG: CanonicalTable = {
  kind: 'access_log',
  fields: [
    { name: 'anonymous_id', type: 'text', required: true, known_as: [] },
    { name: 'at', type: 'date', required: true, known_as: [] },
    { name: 'method', type: 'text', required: false, known_as: [] },
    { name: 'path', type: 'text', required: false, known_as: [] },
    { name: 'status', type: 'number', required: true, known_as: [] },
    { name: 'bytes', type: 'number', required: false, known_as: [] },
    { name: 'referrer', type: 'text', required: false, known_as: [] },
    { name: 'agent', type: 'text', required: false, known_as: [] },
    { name: 'bot', type: 'bool', required: true, known_as: [] },
  ],
};

const EVENT_CHECKS: readonly Check[] = [
  {
    broken: "said_user_id = '' AND said_anonymous_id = ''",
    reason: 'no_identity',
    detail: "'neither user_id nor anonymous_id is said'",
  },
  {
    broken: "said_properties != '' AND JSONType(said_properties) != 'Object'",
    reason: 'invalid_field',
    detail: "'properties is no JSON object'",
  },
];

const words = (list: string): string[] => list.split(' ');

export const IMPORTERS: Record<ImportKind, Importer> = {
  order_lines: {
    kind: 'order_lines',
    source: CANONICAL_TABLES.order_lines,
    checks: [],
    moment: 'at',
    target: 'order_lines',
    columns: words(
      'line_key order_id customer_id anonymous_id product_id description quantity unit_price currency country email phone at received_at source import_id line',
    ),
    sql: sql('order_lines.sql'),
  },
  customers: {
    kind: 'customers',
    source: CANONICAL_TABLES.customers,
    checks: [],
    target: 'customer_facts',
    columns: words(
      'customer_id at received_at source email phone first_name last_name name gender age income country city language timezone created_at email_consent traits import_id line',
    ),
    sql: sql('customers.sql'),
  },
  products: {
    kind: 'products',
    source: CANONICAL_TABLES.products,
    checks: [],
    target: 'products',
    columns: words(
      'product_id at received_at source title category brand price cost currency stock url image_url import_id line',
    ),
    sql: sql('products.sql'),
  },
  events: {
    kind: 'events',
    source: CANONICAL_TABLES.events,
    checks: EVENT_CHECKS,
    moment: 'at',
    target: 'events',
    columns: words(
      'event_id type name user_id anonymous_id previous_id at received_at properties context source bot session_id',
    ),
    sql: sql('events.sql'),
  },
  ad_performance: {
    kind: 'ad_performance',
    source: CANONICAL_TABLES.ad_performance,
    checks: [],
    moment: 'day',
    target: 'ad_performance',
    columns: words(
      'day platform campaign ad audience impressions clicks conversions cost value currency received_at source import_id line',
    ),
    sql: sql('ad_performance.sql'),
  },
  access_log: {
    kind: 'access_log',
    source: ACCESS_LOG,
    checks: [],
    moment: 'at',
    target: 'events',
    columns: words(
      'event_id type name user_id anonymous_id previous_id at received_at properties context source bot session_id',
    ),
    sql: sql('access_log.sql'),
  },
};
