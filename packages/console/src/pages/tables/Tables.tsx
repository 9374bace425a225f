import { api, type TableSummary } from '@bellwether/contracts';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { client, useApi } from '../../app/api.ts';
import { range } from '../../format/sentences.ts';
import { useFormat } from '../../format/useFormat.ts';
import { DataTable } from '../../parts/DataTable.tsx';
import { Page } from '../../parts/Page.tsx';
import { Rich } from '../../parts/Rich.tsx';
import { Empty, Loaded, Skeleton } from '../../parts/states.tsx';
import { Ago } from '../../parts/time.tsx';
import { DropTable } from './DropTable.tsx';

/** Which files are learned from, and how well do they tell? */
export function Tables() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const query = useApi(api.tables.list, {});
  const open = (id: string) => navigate({ to: '/models/tables/$id', params: { id } });
  return (
    <Page title={t('tables.title')} answer={<Answer rows={query.data} />}>
      <DropTable
        hint={t('tables.drop')}
        note={t('tables.drop.kinds')}
        onFile={async ({ upload_id }) =>
          open((await client.call(api.tables.create, { body: { upload_id } })).id)
        }
      />
      <Loaded query={query}>
        {rows =>
          rows.length === 0 ? (
            <Empty title={t('tables.empty.title')} teach={t('tables.empty.teach')} />
          ) : (
            <TableList rows={rows} onOpen={row => void open(row.id)} />
          )
        }
      </Loaded>
    </Page>
  );
}

function Answer({ rows }: { rows: readonly TableSummary[] | undefined }) {
  const { t } = useTranslation();
  if (rows === undefined) return <Skeleton height={32} lines={1} />;
  if (rows.length === 0) return t('tables.answer.none');
  const learned = rows.filter(({ champion }) => champion !== null).length;
  return <Rich text={t('tables.answer', { count: rows.length, n: rows.length, learned })} />;
}

function TableList({ rows, onOpen }: { rows: readonly TableSummary[]; onOpen: (row: TableSummary) => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const figure = (value: number) => format.decimal(value, 3);
  return (
    <DataTable
      name="tables"
      rows={rows}
      rowKey={row => row.id}
      onOpen={onOpen}
      columns={[
        {
          key: 'file',
          title: t('tables.file'),
          sortable: true,
          value: row => row.file_name,
          render: row => <b>{row.file_name}</b>,
        },
        {
          key: 'rows',
          title: t('tables.rows'),
          numeric: true,
          sortable: true,
          value: row => row.rows,
          render: row => format.count(row.rows),
        },
        {
          key: 'target',
          title: t('tables.target'),
          value: row => row.target,
          render: row => row.target ?? '–',
        },
        {
          key: 'auc',
          title: t('tables.auc'),
          numeric: true,
          sortable: true,
          value: row => row.auc?.value ?? null,
          render: row =>
            row.auc === null || row.auc.value === null
              ? '–'
              : `${figure(row.auc.value)} (${range(row.auc, figure)})`,
        },
        {
          key: 'since',
          title: t('tables.since'),
          value: row => row.created_at,
          render: row => <Ago at={row.created_at} />,
        },
      ]}
    />
  );
}
