import { api, MESSAGE_STATES, type Message } from '@bellwether/contracts';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../app/api.ts';
import { DataTable } from '../../parts/DataTable.tsx';
import { Loaded } from '../../parts/states.tsx';
import { Ago } from '../../parts/time.tsx';

const route = getRouteApi('/shell/journeys/$id');
const PAGE = 25;

export function Messages({ id }: { id: string }) {
  const { t } = useTranslation();
  const { state, page = 0 } = route.useSearch();
  const navigate = route.useNavigate();
  const chosen = MESSAGE_STATES.find(known => known === state);
  const query = useApi(
    api.engagement.messages,
    {
      params: { id },
      query: { offset: page * PAGE, limit: PAGE, ...(chosen === undefined ? {} : { state: chosen }) },
    },
    { keep: true },
  );
  const filter = (
    <>
      <h2>{t('messages.list')}</h2>
      <Select
        aria-label={t('messages.state')}
        allowClear
        placeholder={t('messages.anyState')}
        value={chosen ?? null}
        style={{ minWidth: 150 }}
        onChange={(next: Message['state'] | null | undefined) =>
          void navigate({ search: { state: next ?? undefined }, resetScroll: false })
        }
        options={MESSAGE_STATES.map(value => ({ value, label: t(`messages.${value}`) }))}
      />
    </>
  );
  return (
    <Loaded query={query}>
      {({ rows, total }) => (
        <DataTable<Message>
          name="messages"
          rows={rows}
          rowKey={row => row.key}
          loading={query.isPlaceholderData}
          toolbar={filter}
          empty={<p className="note">{t('messages.none')}</p>}
          columns={[
            {
              key: 'customer',
              title: t('customers.customer'),
              value: row => row.customer_id,
              render: row => (
                <Link to="/customers/$id" params={{ id: row.customer_id }} className="link">
                  {row.customer_id}
                </Link>
              ),
            },
            { key: 'subject', title: t('messages.subject'), value: row => row.subject },
            { key: 'state', title: t('messages.state'), value: row => t(`messages.${row.state}`) },
            {
              key: 'sent',
              title: t('messages.at'),
              value: row => row.sent_at ?? row.due_at,
              render: row => <Ago at={row.sent_at ?? row.due_at} />,
            },
          ]}
          paging={{
            page,
            size: PAGE,
            total,
            onPage: next => void navigate({ search: { state, page: next }, resetScroll: false }),
          }}
        />
      )}
    </Loaded>
  );
}
