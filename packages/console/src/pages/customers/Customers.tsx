import { api, type CustomerQuery, type CustomerRow } from '@bellwether/contracts';
import { getRouteApi } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { client, useApi } from '../../app/api.ts';
import { useFormat } from '../../format/useFormat.ts';
import { ButtonLink } from '../../parts/ButtonLink.tsx';
import { Computed } from '../../parts/Computed.tsx';
import { DataTable } from '../../parts/DataTable.tsx';
import { Page } from '../../parts/Page.tsx';
import { Rich } from '../../parts/Rich.tsx';
import { Empty, Loaded, Skeleton } from '../../parts/states.tsx';
import { Ago } from '../../parts/time.tsx';
import { useCustomerColumns } from './columns.tsx';

const route = getRouteApi('/shell/customers');
const PAGE = 50;
/** Rows asked for at once by an export. */
const CHUNK = 1_000;

/** What of the list the address asks for. */
function useFilter() {
  const {
    sort = 'probability',
    order = 'desc',
    search: words = '',
    audience = '',
    segment = '',
    page = 0,
  } = route.useSearch();
  const filter: Partial<CustomerQuery> = { sort, order };
  if (words !== '') filter.search = words;
  if (audience !== '') filter.audience = audience;
  if (segment !== '') filter.segment = segment;
  return { filter, sort, order, words, page, isFiltered: words !== '' || audience !== '' || segment !== '' };
}

/** Who are they, and who buys next? The page of each leads back to the list as it was. */
export function Customers() {
  const { t } = useTranslation();
  const { filter, page, isFiltered } = useFilter();
  const query = useApi(
    api.customers.list,
    { query: { ...filter, offset: page * PAGE, limit: PAGE } },
    { keep: true },
  );
  return (
    <Page title={t('nav.customers')} answer={<Answer total={query.data?.total} isFiltered={isFiltered} />}>
      <Loaded query={query} height={480}>
        {({ rows, total }) => <List rows={rows} total={total} isWaiting={query.isPlaceholderData} />}
      </Loaded>
      <CustomersComputed total={query.data?.total} />
    </Page>
  );
}

interface ListProps {
  rows: readonly CustomerRow[];
  total: number;
  isWaiting: boolean;
}

function List({ rows, total, isWaiting }: ListProps) {
  const { filter, sort, order, words, page, isFiltered } = useFilter();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { data: overview } = useApi(api.system.overview, {});
  const columns = useCustomerColumns(overview?.currency ?? '');
  const change = (next: Partial<typeof search>) =>
    void navigate({ to: '.', search: old => ({ ...old, page: undefined, ...next }) });
  return (
    <DataTable<CustomerRow>
      name="customers"
      rows={rows}
      rowKey={row => row.customer_id}
      columns={columns}
      choosable
      loading={isWaiting}
      onOpen={row => void navigate({ to: '/customers/$id', params: { id: row.customer_id }, search })}
      allRows={() => everyRow(filter)}
      toolbar={<SearchField value={words} onChange={value => change({ search: value || undefined })} />}
      remote={{
        sort: { key: sort, order },
        // the keys of sortable columns are those that the API sorts by
        onSort: next => change({ sort: next.key as CustomerQuery['sort'], order: next.order }),
      }}
      empty={<NoCustomers isFiltered={isFiltered} />}
      paging={{ page, size: PAGE, total, onPage: next => change({ page: next }) }}
    />
  );
}

function CustomersComputed({ total }: { total: number | undefined }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { data: overview } = useApi(api.system.overview, {});
  return (
    <Computed
      scenario={overview?.learned?.scenario}
      facts={[
        ['n', total === undefined ? '–' : format.count(total)],
        [t('word.probability'), t('customers.computed')],
        [t('computed.asOf'), <Ago key="ago" at={overview?.as_of ?? null} />],
      ]}
    />
  );
}

function Answer({ total, isFiltered }: { total: number | undefined; isFiltered: boolean }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { data: overview } = useApi(api.system.overview, {});
  if (total === undefined || overview === undefined) return <Skeleton height={32} lines={1} />;
  const n = format.brief(total);
  if (isFiltered) return <Rich text={t('customers.answer.filtered', { count: total, n })} />;
  const expected = overview.expected_buyers?.value ?? null;
  if (expected === null) return <Rich text={t('customers.answer.plain', { count: total, n })} />;
  const words = { count: total, n, buyers: format.brief(Math.round(expected)), days: overview.horizon_days };
  return <Rich text={t('customers.answer', words)} />;
}

/** Waits for a pause in typing before it asks. */
function SearchField({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const { t } = useTranslation();
  const [text, setText] = useState(value);
  useEffect(() => {
    if (text === value) return;
    const timer = setTimeout(() => onChange(text), 250);
    return () => clearTimeout(timer);
  });
  return (
    <input
      type="search"
      className="input search-field"
      aria-label={t('customers.search')}
      placeholder={t('customers.search')}
      value={text}
      onChange={event => setText(event.target.value)}
    />
  );
}

function NoCustomers({ isFiltered }: { isFiltered: boolean }) {
  const { t } = useTranslation();
  return isFiltered ? (
    <p className="note">{t('customers.noneFound')}</p>
  ) : (
    <Empty
      title={t('customers.empty.title')}
      teach={t('customers.empty.teach')}
      action={
        <ButtonLink main to="/data" search={{ tab: 'imports' }}>
          {t('arrivals.empty.do')}
        </ButtonLink>
      }
    />
  );
}

async function everyRow(filter: Partial<CustomerQuery>): Promise<CustomerRow[]> {
  const rows: CustomerRow[] = [];
  for (;;) {
    const page = await client.call(api.customers.list, {
      query: { ...filter, offset: rows.length, limit: CHUNK },
    });
    rows.push(...page.rows);
    if (page.rows.length === 0 || rows.length >= page.total) return rows;
  }
}
