import { api, type Import, type Preview } from '@bellwether/contracts';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi, useCall } from '../../app/api.ts';
import { useFormat } from '../../format/useFormat.ts';
import { Badge, type Tone } from '../../parts/Badge.tsx';
import { DataTable, type Column } from '../../parts/DataTable.tsx';
import { Loaded } from '../../parts/states.tsx';
import { Ago } from '../../parts/time.tsx';
import { useToaster } from '../../parts/Toaster.tsx';
import { DropFile } from './DropFile.tsx';
import { PreviewDrawer } from './PreviewDrawer.tsx';

const isActive = (row: Import): boolean => row.state === 'running' || row.state === 'waiting';
const TONES: Record<Import['state'], Tone> = {
  waiting: 'neutral',
  running: 'running',
  stopped: 'warn',
  done: 'good',
  failed: 'bad',
};

export function ImportsTab() {
  const { t } = useTranslation();
  const columns = useImportColumns();
  const [preview, setPreview] = useState<Preview | null>(null);
  const query = useApi(api.data.imports, {}, { every: rows => (rows?.some(isActive) ? 1_000 : 10_000) });
  return (
    <>
      <DropFile onPreview={setPreview} />
      <Loaded query={query}>
        {rows => (
          <DataTable
            name="imports"
            columns={columns}
            rows={rows}
            rowKey={row => row.id}
            toolbar={<h2>{t('imports.title')}</h2>}
            empty={<p className="note">{t('imports.none')}</p>}
          />
        )}
      </Loaded>
      {preview && <PreviewDrawer key={preview.upload_id} first={preview} onClose={() => setPreview(null)} />}
    </>
  );
}

function useImportColumns(): Column<Import>[] {
  const { t } = useTranslation();
  const format = useFormat();
  const count = (key: string, title: string, value: (row: Import) => number): Column<Import> => ({
    key,
    title,
    value,
    numeric: true,
    sortable: true,
    render: row => format.count(value(row)),
  });
  return [
    {
      key: 'file',
      title: t('imports.file'),
      value: row => row.file_name,
      render: row => <b>{row.file_name}</b>,
      sortable: true,
    },
    { key: 'kind', title: t('imports.kind'), value: row => t(`kind.${row.kind}`) },
    {
      key: 'state',
      title: t('imports.state'),
      value: row => t(`importState.${row.state}`),
      width: 220,
      render: row => <ImportProgress row={row} />,
    },
    count('loaded', t('imports.loaded'), row => row.rows_loaded),
    count('known', t('imports.known'), row => row.rows_known),
    count('refused', t('imports.refused'), row => row.rows_refused),
    {
      key: 'at',
      title: t('imports.at'),
      value: row => row.created_at,
      sortable: true,
      render: row => <Ago at={row.finished_at ?? row.created_at} />,
    },
    { key: 'do', title: t('table.do'), value: () => '', render: row => <ImportActions row={row} /> },
  ];
}

function ImportProgress({ row }: { row: Import }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (!isActive(row)) {
    return (
      <span title={row.error ?? undefined}>
        <Badge tone={TONES[row.state]}>{t(`importState.${row.state}`)}</Badge>
        {row.error && <span className="note block">{row.error}</span>}
      </span>
    );
  }
  const share = row.bytes_total > 0 ? row.bytes_done / row.bytes_total : undefined;
  return (
    <span className="import-progress">
      <progress value={share} max={1} aria-label={row.file_name} />
      <span className="note figures">
        {share === undefined ? '' : `${format.percent(share, 0)} · `}
        {t('imports.rows', { n: format.count(row.rows_read) })}
      </span>
    </span>
  );
}

function ImportActions({ row }: { row: Import }) {
  const { t } = useTranslation();
  const toaster = useToaster();
  const stop = useCall(api.data.stopImport, [api.data.imports]);
  const resume = useCall(api.data.resumeImport, [api.data.imports]);
  const input = { params: { id: row.id } };
  const onError = (error: Error) => toaster.fault(error);
  if (isActive(row)) {
    return (
      <button type="button" className="link" onClick={() => stop.mutate(input, { onError })}>
        {t('action.stop')}
      </button>
    );
  }
  if (row.state !== 'stopped' && row.state !== 'failed') return null;
  return (
    <button type="button" className="link" onClick={() => resume.mutate(input, { onError })}>
      {t('action.resume')}
    </button>
  );
}
