import { api, type Estimate, type LifecycleCustomer, type Stage } from '@bellwether/contracts';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../app/api.ts';
import { range } from '../../format/sentences.ts';
import { useFormat } from '../../format/useFormat.ts';
import { DataTable, type Column } from '../../parts/DataTable.tsx';
import { Skeleton, Fault } from '../../parts/states.tsx';
import type { Sort } from '../../parts/table.ts';

const SIZE = 10;
const SORTS = ['value_90', 'value_365', 'orders_90', 'alive', 'silence_days', 'customer_id'] as const;
type SortKey = (typeof SORTS)[number];

/** The customers of a stage, the most valuable first. */
export function StageCustomers({ stage, currency }: { stage: Stage; currency: string }) {
  const { t } = useTranslation();
  const [page, setPage] = useState({ stage, number: 0 });
  const [sort, setSort] = useState<Sort>({ key: 'value_90', order: 'desc' });
  // another stage begins at its first page
  const number = page.stage === stage ? page.number : 0;
  const key: SortKey = SORTS.find(name => name === sort.key) ?? 'value_90';
  const query = useApi(
    api.lifecycle.customers,
    { query: { stage, sort: key, order: sort.order, offset: number * SIZE, limit: SIZE } },
    { keep: true },
  );
  const columns = useColumns(currency);
  if (query.data === undefined)
    return query.error ? <Fault error={query.error} /> : <Skeleton height={420} />;
  return (
    <DataTable
      name="lifecycle-customers"
      rows={query.data.rows}
      rowKey={row => row.customer_id}
      columns={columns}
      choosable
      toolbar={
        <div>
          <h2>{t('lifecycle.list', { stage: t(`lifecycle.stage.${stage}`) })}</h2>
          <p className="note">{t('lifecycle.list.note')}</p>
        </div>
      }
      empty={<p className="note">{t('lifecycle.list.empty')}</p>}
      remote={{ sort, onSort: setSort }}
      loading={query.isPlaceholderData}
      paging={{
        ...{ page: number, size: SIZE, total: query.data.total },
        onPage: next => setPage({ stage, number: next }),
      }}
    />
  );
}

function useColumns(currency: string): Column<LifecycleCustomer>[] {
  const { t } = useTranslation();
  const format = useFormat();
  const money = (value: number) => format.briefMoney(Math.round(value), currency);
  const count = (value: number) => format.count(value);
  const estimate = (of: Estimate, write: (value: number) => string, mean = write) => (
    <span className="figures">
      {of.value === null ? '–' : mean(of.value)} <span className="note">{range(of, write)}</span>
    </span>
  );
  const day = (moment: string | null) => (moment === null ? '–' : format.day(moment.slice(0, 10)));
  return [
    {
      ...{ key: 'customer_id', title: t('lifecycle.customer'), sortable: true },
      value: row => row.customer_id,
      render: row => (
        <>
          {row.name || row.customer_id} {row.name && <span className="note">{row.customer_id}</span>}
        </>
      ),
    },
    {
      ...{ key: 'silence_days', title: t('lifecycle.silence'), numeric: true, sortable: true },
      value: row => row.silence_days,
      render: row => t('lifecycle.silence.days', { n: format.count(row.silence_days) }),
    },
    {
      ...{ key: 'alive', title: t('lifecycle.alive'), numeric: true, sortable: true },
      value: row => row.alive.value,
      render: row => format.percent(row.alive.value ?? 0, 0),
    },
    {
      ...{ key: 'orders_90', title: t('lifecycle.orders90'), numeric: true, sortable: true },
      value: row => row.orders_90.value,
      render: row => estimate(row.orders_90, count, value => format.decimal(value, 1)),
    },
    {
      ...{ key: 'value_90', title: t('lifecycle.value90'), numeric: true, sortable: true },
      value: row => row.value_90.value,
      render: row => estimate(row.value_90, money),
    },
    {
      ...{ key: 'value_365', title: t('lifecycle.value365'), numeric: true, sortable: true },
      value: row => row.value_365.value,
      render: row => <span className="figures">{money(row.value_365.value ?? 0)}</span>,
    },
    {
      ...{ key: 'silent_90', title: t('lifecycle.silent90'), numeric: true },
      value: row => row.silent_90,
      render: row => format.percent(row.silent_90, 0),
    },
    {
      ...{ key: 'next_order_at', title: t('lifecycle.nextOrder') },
      value: row => row.next_order_at,
      render: row => (
        <span
          title={t('lifecycle.nextOrder.note', {
            low: day(row.next_order_low),
            high: day(row.next_order_high),
          })}
        >
          {row.next_order_at === null ? t('lifecycle.nextOrder.never') : day(row.next_order_at)}
        </span>
      ),
    },
  ];
}
