import {
  api,
  CANONICAL_TABLES,
  IMPORT_KINDS,
  type ImportKind,
  type Mapping,
  type Preview,
} from '@bellwether/contracts';
import { Drawer, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall } from '../../app/api.ts';
import { useFormat } from '../../format/useFormat.ts';
import { Rich } from '../../parts/Rich.tsx';
import { useToaster } from '../../parts/Toaster.tsx';
import { MappingTable } from './MappingTable.tsx';

interface PreviewDrawerProps {
  first: Preview;
  onClose: () => void;
}

/** What the file was recognised as, why, and the mapping to correct before it is imported. */
export function PreviewDrawer({ first, onClose }: PreviewDrawerProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const toaster = useToaster();
  const [preview, setPreview] = useState(first);
  const [mapping, setMapping] = useState<Mapping>(first.mapping);
  const again = useCall(api.data.preview);
  const start = useCall(api.data.startImport, [api.data.imports, api.system.jobs]);
  const forget = useCall(api.data.forgetUpload);
  const missing = missingFields(preview.kind, mapping);
  const onError = (error: Error) => toaster.fault(error);
  const changeKind = (kind: ImportKind) =>
    again.mutate(
      { params: { id: preview.upload_id }, body: { kind } },
      {
        onError,
        onSuccess: next => {
          setPreview(next);
          setMapping(next.mapping);
        },
      },
    );
  const begin = () =>
    start.mutate(
      { body: { upload_id: preview.upload_id, kind: preview.kind, mapping } },
      {
        onError,
        onSuccess: () => {
          toaster.done(t('preview.started', { name: preview.file_name }));
          onClose();
        },
      },
    );
  const discard = () => {
    forget.mutate({ params: { id: preview.upload_id } });
    onClose();
  };
  return (
    <Drawer
      open
      size={920}
      title={preview.file_name}
      onClose={discard}
      footer={
        <div className="drawer-foot">
          <p className={missing.length > 0 ? 'field-fault' : 'note'} role="status">
            {missing.length > 0
              ? t('preview.missing', {
                  fields: missing.map(name => t(`field.${name}` as 'field.at')).join(t('list.and')),
                })
              : t('preview.ready')}
          </p>
          <button type="button" className="button" onClick={discard}>
            {t('preview.discard')}
          </button>
          <button
            type="button"
            className="button main-button"
            disabled={missing.length > 0 || start.isPending}
            onClick={begin}
          >
            {t('preview.start')}
          </button>
        </div>
      }
    >
      <p className="drawer-answer">
        <Rich
          text={t('preview.answer', {
            kind: t(`kind.${preview.kind}`),
            sure: format.percent(preview.confidence, 0),
          })}
        />
      </p>
      <p className="note">
        {preview.why} · {format.bytes(preview.bytes)} · {preview.format.container.toUpperCase()} ·{' '}
        {preview.format.encoding}
        {preview.format.compression === 'gzip' && ' · gzip'}
      </p>
      <label className="field">
        {t('preview.kind')}
        <Select
          value={preview.kind}
          onChange={changeKind}
          loading={again.isPending}
          options={IMPORT_KINDS.map(kind => ({ value: kind, label: t(`kind.${kind}`) }))}
        />
      </label>
      <MappingTable preview={preview} mapping={mapping} onChange={setMapping} />
      <SampleRows preview={preview} />
    </Drawer>
  );
}

/** Required fields that no column is mapped to. */
function missingFields(kind: ImportKind, mapping: Mapping): string[] {
  if (kind === 'access_log') return [];
  return CANONICAL_TABLES[kind].fields
    .filter(({ name, required }) => required && (mapping.fields[name] ?? '') === '')
    .map(({ name }) => name);
}

function SampleRows({ preview }: { preview: Preview }) {
  const { t } = useTranslation();
  return (
    <>
      <h3>{t('preview.rows')}</h3>
      <div className="samples" tabIndex={0} role="group" aria-label={t('preview.rows')}>
        <table>
          <thead>
            <tr>
              {preview.columns.map(column => (
                <th key={column.name} scope="col">
                  {column.name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {preview.rows.slice(0, 8).map((row, line) => (
              <tr key={line}>
                {row.map((cell, column) => (
                  <td key={column}>{cell}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
