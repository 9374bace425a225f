import { api, type Merge } from '@bellwether/contracts';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useApi, useCall } from '../../../app/api.ts';
import { DataTable } from '../../../parts/DataTable.tsx';
import { Loaded } from '../../../parts/states.tsx';
import { Ago } from '../../../parts/time.tsx';
import { useToaster } from '../../../parts/Toaster.tsx';

/** Every merge made by hand, to be undone at any time. */
export function Merges() {
  const { t } = useTranslation();
  const query = useApi(api.data.merges, {});
  return (
    <Loaded query={query}>
      {rows => (
        <DataTable
          name="merges"
          rows={rows}
          rowKey={row => row.id}
          toolbar={<h2>{t('identity.made')}</h2>}
          empty={<p className="note">{t('identity.noneMade')}</p>}
          columns={[
            {
              key: 'winner',
              title: t('identity.kept'),
              value: row => row.winner,
              render: row => <Name id={row.winner} />,
            },
            { key: 'loser', title: t('identity.joined'), value: row => row.loser },
            { key: 'by', title: t('identity.by'), value: row => row.by },
            { key: 'at', title: t('identity.at'), value: row => row.at, render: row => <Ago at={row.at} /> },
            {
              key: 'undone',
              title: t('table.do'),
              value: row => row.undone_at,
              render: row => <UndoMerge merge={row} />,
            },
          ]}
        />
      )}
    </Loaded>
  );
}

const Name = ({ id }: { id: string }) => (
  <Link to="/customers/$id" params={{ id }} className="link">
    {id}
  </Link>
);

/** Takes a merge back, or says that it was taken back. */
export function UndoMerge({ merge }: { merge: Merge }) {
  const { t } = useTranslation();
  const toaster = useToaster();
  const undo = useCall(api.data.undoMerge, [api.data.merges, api.duplicates.list, api.customers.list]);
  if (merge.undone_at !== null) return <span className="quiet">{t('identity.undone')}</span>;
  return (
    <button
      type="button"
      className="link"
      disabled={undo.isPending}
      onClick={() => undo.mutate({ params: { id: merge.id } }, { onError: error => toaster.fault(error) })}
    >
      {t('action.undo')}
    </button>
  );
}
