import type { CustomerRow } from '@bellwether/contracts';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../format/useFormat.ts';
import type { Column } from '../../parts/DataTable.tsx';
import { Ago, Day } from '../../parts/time.tsx';

export function useCustomerColumns(currency: string): Column<CustomerRow>[] {
  const { t } = useTranslation();
  const format = useFormat();
  return [
    {
      key: 'customer_id',
      title: t('customers.customer'),
      value: row => row.customer_id,
      render: row => <Who row={row} />,
      sortable: true,
    },
    {
      key: 'probability',
      title: t('customers.probability'),
      value: row => row.probability,
      width: 180,
      render: row => <Probability value={row.probability} />,
      sortable: true,
    },
    {
      key: 'orders',
      title: t('customers.orders'),
      numeric: true,
      value: row => row.orders,
      render: row => format.count(row.orders),
      sortable: true,
    },
    {
      key: 'revenue',
      title: t('customers.revenue'),
      numeric: true,
      value: row => row.revenue,
      render: row => format.money(row.revenue, currency),
      sortable: true,
    },
    {
      key: 'last_order_at',
      title: t('customers.last'),
      value: row => row.last_order_at,
      render: row => <Ago at={row.last_order_at} />,
      sortable: true,
    },
    {
      key: 'first_order_at',
      title: t('customers.first'),
      value: row => row.first_order_at,
      render: row => <Day at={row.first_order_at} />,
    },
    { key: 'country', title: t('customers.country'), value: row => row.country },
    { key: 'email', title: t('customers.email'), value: row => row.email },
  ];
}

function Who({ row }: { row: CustomerRow }) {
  return (
    <span className="who">
      <b>{row.name || row.customer_id}</b>
      {row.name && <span className="quiet">{row.customer_id}</span>}
    </span>
  );
}

/** A probability as a bar with its figure: many are compared at a glance. */
export function Probability({ value }: { value: number | null }) {
  const format = useFormat();
  if (value === null) return <span className="quiet">–</span>;
  return (
    <span className="probability">
      <i aria-hidden="true">
        <b style={{ width: `${value * 100}%` }} />
      </i>
      <span className="figures">{format.percent(value, 0)}</span>
    </span>
  );
}
