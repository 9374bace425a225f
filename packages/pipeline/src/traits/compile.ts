import {
  AppError,
  traitFieldKind,
  TRAIT_SOURCES,
  type Milliseconds,
  type TraitDefinition,
  type TraitMeasure,
  type TraitSource,
  type TraitTest,
} from '@bellwether/contracts';
import { clickhouseTime, sqlBeside, type Params } from '@bellwether/warehouse';
import { Bound, fieldSql } from './fields.ts';

export type Definitions = Readonly<Record<string, TraitDefinition>>;

/** A query that gives `customer_id`, `numbers`, `texts` and `due_at`, as `customer_traits` keeps them, and its parameters. */
export interface CompiledTraits {
  sql: string;
  params: Params;
}

export interface CompileOptions {
  asOf: Milliseconds;
  /** Zone of the shop's weekdays and hours, an IANA name. */
  zone?: string;
  /** A query of ours whose one column is the customers to compute; everybody where absent. */
  only?: CompiledTraits | undefined;
}

const LINES = sqlBeside(import.meta.url, 'lines.sql');
const ROWS: Record<TraitSource, string> = {
  orders: sqlBeside(import.meta.url, 'orders.sql'),
  lines: LINES.replace('{kind:String}', "'sale'"),
  returns: LINES.replace('{kind:String}', "'return'"),
  events: sqlBeside(import.meta.url, 'events.sql'),
};

/** When nothing falls due. */
export const NEVER = '2200-01-01 00:00:00.000';

/**
 * Declarations as one query: each source is read once, whatever number of traits look at it. Names, texts and numbers of
 * a declaration are bound as parameters; the text of the query is made of ours alone.
 *
 * @throws AppError `trait.none` when nothing is declared
 * @example
 * const { sql, params } = compileTraits({ orders_90: { from: 'orders', measure: 'count', days: 90, … } }, { asOf });
 */
export function compileTraits(
  definitions: Definitions,
  { asOf, zone = 'UTC', only }: CompileOptions,
): CompiledTraits {
  const bound = new Bound();
  const entries = Object.entries(definitions);
  if (entries.length === 0) throw new AppError('trait.none', 'no trait is declared');
  const parts = TRAIT_SOURCES.flatMap(from => {
    const own = entries.filter(([, definition]) => definition.from === from);
    return own.length === 0 ? [] : [sourceSql(from, own, bound, only?.sql)];
  });
  const events = entries.flatMap(([, { event }]) => (event === undefined ? [] : [event]));
  return {
    sql: `SELECT customer_id, mapFromArrays(arrayFlatten(groupArray(names)), arrayFlatten(groupArray(figures))) AS numbers,
  mapFromArrays(arrayFlatten(groupArray(labels)), arrayFlatten(groupArray(words))) AS texts, min(due) AS due_at
FROM (\n${parts.join('\nUNION ALL\n')}\n)
GROUP BY customer_id`,
    params: {
      ...bound.params,
      ...only?.params,
      ...{ as_of: clickhouseTime(asOf), zone, events: [...new Set(events)] },
    },
  };
}

/** What one source tells of each customer that it has rows of. */
function sourceSql(
  from: TraitSource,
  entries: readonly [string, TraitDefinition][],
  bound: Bound,
  only: string | undefined,
): string {
  const columns = entries.map(([name, definition]) => ({
    name: bound.place(name, 'String'),
    text: isText(definition),
    value: aggregate(definition, bound),
  }));
  const listed = (text: boolean): string =>
    columns
      .filter(column => column.text === text)
      .map(({ name, value }) => `(${name}, ${value})`)
      .join(', ');
  const pairs = (text: boolean): string => {
    const list = listed(text);
    const none = text ? "('', '')" : "('', toNullable(0.))";
    // a value that is not known, an empty text and a count of none are not kept
    const kept = text ? "pair.2 != ''" : "isNotNull(pair.2) AND pair.1 != ''";
    return `arrayFilter(pair -> ${kept}, [${list === '' ? none : list}])`;
  };
  return `SELECT customer_id, arrayMap(pair -> pair.1, pairs) AS names, arrayMap(pair -> assumeNotNull(pair.2), pairs) AS figures,
  arrayMap(pair -> pair.1, told) AS labels, arrayMap(pair -> pair.2, told) AS words, due
FROM
(
  SELECT customer_id, ${pairs(false)} AS pairs, ${pairs(true)} AS told, ${dueSql(entries, bound)} AS due
  FROM (\n${rowsSql(from, only)}\n) AS source
  GROUP BY customer_id
)`;
}

function rowsSql(from: TraitSource, only: string | undefined): string {
  const customers = only === undefined ? '1' : `customer_id IN (\n${only}\n)`;
  const subjects =
    only === undefined ? '1' : `subject IN (SELECT alias FROM identity WHERE customer_id IN (\n${only}\n))`;
  return ROWS[from].replace('/* only customer_id */', customers).replace('/* only subject */', subjects);
}

/** When the first row leaves a window; days since are told as of the moment of reading, and so need none. */
function dueSql(entries: readonly [string, TraitDefinition][], bound: Bound): string {
  const windows = new Set(
    entries.flatMap(([, { days, measure }]) =>
      days === undefined || measure === 'days_since' ? [] : [days],
    ),
  );
  const never = `toDateTime64('${NEVER}', 3, 'UTC')`;
  const ends = [...windows].map(days => {
    const place = bound.place(days, 'UInt32');
    const first = `minIf(at, ${within(place)})`;
    return `if(${first} > toDateTime64(0, 3, 'UTC'), ${first} + toIntervalDay(${place}), ${never})`;
  });
  return [never, ...ends].reduce((least, end) => `least(${least}, ${end})`);
}

function within(days: string): string {
  return `at > {as_of:DateTime64(3, 'UTC')} - toIntervalDay(${days})`;
}

/** Whether its values are texts. */
export function isText({ from, measure, field }: TraitDefinition): boolean {
  if (measure === 'favourite') return true;
  return (
    (measure === 'first' || measure === 'last') &&
    field !== undefined &&
    traitFieldKind(from, field) !== 'number'
  );
}

interface Parts {
  /** Which rows count. */
  if: string;
  text: string;
  number: string;
}

/** A count or a sum of none is null here, so that it is not kept: who reads takes what is absent for 0. */
const AGGREGATES: Record<TraitMeasure, (parts: Parts) => string> = {
  count: ({ if: test }) => `nullIf(toFloat64(countIf(${test})), 0)`,
  sum: ({ if: test, number }) => `nullIf(sumIf(${number}, ${test} AND isNotNull(${number})), 0)`,
  average: ({ if: test, number }) => `avgIf(${number}, ${test} AND isNotNull(${number}))`,
  min: ({ if: test, number }) => `minIf(${number}, ${test} AND isNotNull(${number}))`,
  max: ({ if: test, number }) => `maxIf(${number}, ${test} AND isNotNull(${number}))`,
  unique: ({ if: test, text }) => `nullIf(toFloat64(uniqExactIf(${text}, ${test} AND ${text} != '')), 0)`,
  favourite: ({ if: test, text }) => favourite(`sumMapIf([${text}], [1], ${test} AND ${text} != '')`),
  first: parts => atEnd('argMin', parts),
  last: parts => atEnd('argMax', parts),
  days_since: ({ if: test }) =>
    `if(countIf(${test}) > 0, toNullable(toUnixTimestamp64Milli(maxIf(at, ${test})) / 1000), NULL)`,
};

/** The most frequent; of several, the first in the order of their bytes. The sums come in the order of their keys. */
function favourite(sums: string): string {
  return `arrayElement(tupleElement(${sums}, 1), indexOf(tupleElement(${sums}, 2), arrayMax(tupleElement(${sums}, 2))))`;
}

function atEnd(which: string, { if: test, text, number }: Parts): string {
  if (text !== '') return `${which}If(${text}, (at, key), ${test} AND ${text} != '')`;
  return `${which}If(${number}, (at, key), ${test} AND isNotNull(${number}))`;
}

function aggregate(definition: TraitDefinition, bound: Bound): string {
  const { from, event, measure, field, where, days } = definition;
  const tests = [
    ...(event === undefined ? [] : [`name = ${bound.place(event, 'String')}`]),
    ...(days === undefined ? [] : [within(bound.place(days, 'UInt32'))]),
    ...where.map(test => testSql(from, test, bound)),
  ];
  const value = field === undefined ? { text: '', number: '' } : fieldSql(from, field, bound);
  const wanted = isText(definition) || measure === 'unique' ? value : { ...value, text: '' };
  return AGGREGATES[measure]({
    ...wanted,
    if: tests.length === 0 ? '1' : tests.map(t => `(${t})`).join(' AND '),
  });
}

/** Of a field that is not told, nothing holds. */
function testSql(from: TraitSource, test: TraitTest, bound: Bound): string {
  const { text, number } = fieldSql(from, test.field, bound);
  switch (test.op) {
    case 'is':
      return `${text} != '' AND ${text} = ${bound.place(test.text, 'String')}`;
    case 'is_not':
      return `${text} != '' AND ${text} != ${bound.place(test.text, 'String')}`;
    case 'contains':
      return `positionCaseInsensitiveUTF8(${text}, ${bound.place(test.text, 'String')}) > 0`;
    case 'at_least':
      return `ifNull(${number} >= ${bound.place(test.number, 'Float64')}, 0)`;
    case 'at_most':
      return `ifNull(${number} <= ${bound.place(test.number, 'Float64')}, 0)`;
  }
}
