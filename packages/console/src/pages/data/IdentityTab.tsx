import { api, type Merge, type MergeProposal } from '@bellwether/contracts';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useApi, useCall } from '../../app/api.ts';
import { useFormat } from '../../format/useFormat.ts';
import { DataTable } from '../../parts/DataTable.tsx';
import { Section } from '../../parts/Page.tsx';
import { Loaded } from '../../parts/states.tsx';
import { Ago } from '../../parts/time.tsx';
import { useToaster } from '../../parts/Toaster.tsx';

const TOUCHED = [api.data.mergeProposals, api.data.merges, api.customers.list];

/** Who is probably one person, by what evidence; every merge can be undone. */
export function IdentityTab() {
  const { t } = useTranslation();
  const proposals = useApi(api.data.mergeProposals, {});
  const merges = useApi(api.data.merges, {});
  return (
    <>
      <Section title={t('identity.proposals')} note={t('identity.proposals.note')}>
        <Loaded query={proposals}>
          {rows =>
            rows.length === 0 ? (
              <p className="note">{t('identity.none')}</p>
            ) : (
              <ol className="merge-list">
                {rows.map(row => (
                  <ProposalLine key={`${row.left}|${row.right}`} proposal={row} />
                ))}
              </ol>
            )
          }
        </Loaded>
      </Section>
      <Loaded query={merges}>{rows => <Merges rows={rows} />}</Loaded>
    </>
  );
}

function ProposalLine({ proposal }: { proposal: MergeProposal }) {
  const { t } = useTranslation();
  const format = useFormat();
  const toaster = useToaster();
  const merge = useCall(api.data.merge, TOUCHED);
  const undo = useCall(api.data.undoMerge, TOUCHED);
  const { left, right, evidence } = proposal;
  const doMerge = () =>
    merge.mutate(
      { body: { winner: left, loser: right } },
      {
        onError: error => toaster.fault(error),
        onSuccess: made =>
          toaster.done(t('identity.merged', { left, right }), () => undo.mutate({ params: { id: made.id } })),
      },
    );
  return (
    <li>
      <div>
        <p>
          <CustomerLink id={left} /> <span className="quiet">=</span> <CustomerLink id={right} />{' '}
          <span className="quiet">{t('identity.sure', { n: format.percent(proposal.score, 0) })}</span>
        </p>
        <ul className="evidence">
          {evidence.map(({ field, left: mine, right: other }) => (
            <li key={field} className="note">
              {field}:{' '}
              {mine === other ? (
                <b>{mine}</b>
              ) : (
                <>
                  {mine} / {other}
                </>
              )}
            </li>
          ))}
        </ul>
      </div>
      <button type="button" className="button" disabled={merge.isPending} onClick={doMerge}>
        {t('identity.merge')}
      </button>
    </li>
  );
}

const CustomerLink = ({ id }: { id: string }) => (
  <Link to="/customers/$id" params={{ id }} className="link">
    {id}
  </Link>
);

function Merges({ rows }: { rows: readonly Merge[] }) {
  const { t } = useTranslation();
  const toaster = useToaster();
  const undo = useCall(api.data.undoMerge, TOUCHED);
  return (
    <DataTable
      name="merges"
      rows={rows}
      rowKey={row => row.id}
      toolbar={<h2>{t('identity.made')}</h2>}
      empty={<p className="note">{t('identity.noneMade')}</p>}
      columns={[
        { key: 'winner', title: t('identity.kept'), value: row => row.winner },
        { key: 'loser', title: t('identity.joined'), value: row => row.loser },
        { key: 'by', title: t('identity.by'), value: row => row.by },
        { key: 'at', title: t('identity.at'), value: row => row.at, render: row => <Ago at={row.at} /> },
        {
          key: 'undone',
          title: t('table.do'),
          value: row => row.undone_at,
          render: row =>
            row.undone_at === null ? (
              <button
                type="button"
                className="link"
                onClick={() =>
                  undo.mutate({ params: { id: row.id } }, { onError: error => toaster.fault(error) })
                }
              >
                {t('action.undo')}
              </button>
            ) : (
              <span className="quiet">{t('identity.undone')}</span>
            ),
        },
      ]}
    />
  );
}
