import { api, type CustomerOrders } from '@bellwether/contracts';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../app/api.ts';
import { Chart } from '../../charts/Chart.tsx';
import { valueOverTime } from '../../charts/customer.ts';
import { useFormat } from '../../format/useFormat.ts';
import { DataTable } from '../../parts/DataTable.tsx';
import { Section } from '../../parts/Page.tsx';
import { Loaded } from '../../parts/states.tsx';
import { Day } from '../../parts/time.tsx';

/** What they brought, month by month, beside customers who began in the same quarter; and each order with its returns. */
export function Orders({ id, currency }: { id: string; currency: string }) {
  const { t } = useTranslation();
  const query = useApi(api.customers.orders, { params: { id } });
  return (
    <Section title={t('customer.orders')}>
      <Loaded query={query} height={320}>
        {found =>
          found.orders.length === 0 ? (
            <p className="note">{t('customer.orders.none')}</p>
          ) : (
            <>
              {found.value.length > 1 && (
                <Chart
                  name={`value-${id}`}
                  title={t('customer.value')}
                  note={t('customer.value.note')}
                  draw={kit => valueOverTime(found.value, currency, kit)}
                />
              )}
              <OrderTable found={found} currency={currency} />
            </>
          )
        }
      </Loaded>
    </Section>
  );
}

function OrderTable({ found, currency }: { found: CustomerOrders; currency: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <DataTable
      name="customer-orders"
      rows={found.orders}
      rowKey={row => row.order_id}
      empty={<p className="note">{t('customer.orders.none')}</p>}
      columns={[
        { key: 'order_id', title: t('customer.order'), value: row => row.order_id },
        { key: 'at', title: t('identity.at'), value: row => row.at, render: row => <Day at={row.at} /> },
        {
          key: 'amount',
          title: t('customer.amount'),
          numeric: true,
          value: row => row.amount,
          render: row => format.money(row.amount, currency),
        },
        {
          key: 'returned',
          title: t('customer.returned'),
          numeric: true,
          value: row => row.returned,
          render: row => (row.returned > 0 ? format.money(row.returned, currency) : '–'),
        },
        {
          key: 'products',
          title: t('customer.products'),
          value: row => row.products.join(', '),
          render: row => <span className="products-cell">{row.products.join(', ')}</span>,
        },
      ]}
    />
  );
}
