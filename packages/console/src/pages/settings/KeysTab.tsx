import { api, SCOPES, type Key, type Scope } from '@bellwether/contracts';
import { Checkbox, Modal, Popconfirm } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi, useCall } from '../../app/api.ts';
import { DataTable } from '../../parts/DataTable.tsx';
import { Loaded } from '../../parts/states.tsx';
import { Ago } from '../../parts/time.tsx';
import { useToaster } from '../../parts/Toaster.tsx';

/** Keys of programs: made with the least they need, shown once, revoked at once. */
export function KeysTab() {
  const { t } = useTranslation();
  const [isCreating, setCreating] = useState(false);
  const query = useApi(api.account.keys, {});
  return (
    <>
      <Loaded query={query}>
        {rows => (
          <DataTable
            name="keys"
            rows={rows}
            rowKey={row => row.id}
            toolbar={
              <button type="button" className="button main-button" onClick={() => setCreating(true)}>
                {t('keys.create')}
              </button>
            }
            empty={<p className="note">{t('keys.none')}</p>}
            columns={[
              {
                key: 'name',
                title: t('keys.name'),
                value: row => row.name,
                render: row => <b>{row.name}</b>,
              },
              {
                key: 'prefix',
                title: t('keys.prefix'),
                value: row => row.prefix,
                render: row => <code>{row.prefix}…</code>,
              },
              {
                key: 'scopes',
                title: t('keys.scopes'),
                value: row => row.scopes.map(scope => t(`scope.${scope}`)).join(t('list.comma')),
              },
              {
                key: 'created',
                title: t('keys.created'),
                value: row => row.created_at,
                render: row => <Ago at={row.created_at} />,
              },
              {
                key: 'used',
                title: t('keys.used'),
                value: row => row.last_used_at,
                render: row => <Ago at={row.last_used_at} />,
              },
              { key: 'do', title: t('table.do'), value: () => '', render: row => <Revoke row={row} /> },
            ]}
          />
        )}
      </Loaded>
      {isCreating && <CreateKey onClose={() => setCreating(false)} />}
    </>
  );
}

function Revoke({ row }: { row: Key }) {
  const { t } = useTranslation();
  const toaster = useToaster();
  const revoke = useCall(api.account.revokeKey, [api.account.keys]);
  return (
    <Popconfirm
      title={t('keys.revoke.ask', { name: row.name })}
      description={t('keys.revoke.effect')}
      okText={t('keys.revoke')}
      onConfirm={() => revoke.mutate({ params: { id: row.id } }, { onError: error => toaster.fault(error) })}
    >
      <button type="button" className="link">
        {t('keys.revoke')}
      </button>
    </Popconfirm>
  );
}

function CreateKey({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const toaster = useToaster();
  const create = useCall(api.account.createKey, [api.account.keys]);
  const [name, setName] = useState('');
  const [scopes, setScopes] = useState<Scope[]>(['track']);
  const made = create.data?.key;
  const save = () => create.mutate({ body: { name, scopes } }, { onError: error => toaster.fault(error) });
  return (
    <Modal
      open
      title={made === undefined ? t('keys.create') : t('keys.made')}
      onCancel={onClose}
      okText={made === undefined ? t('keys.create') : t('keys.kept')}
      okButtonProps={{ disabled: made === undefined && (name.trim() === '' || scopes.length === 0) }}
      onOk={made === undefined ? save : onClose}
    >
      {made === undefined ? (
        <>
          <label className="field">
            {t('keys.name')}
            <input
              className="input"
              value={name}
              maxLength={100}
              onChange={event => setName(event.target.value)}
              placeholder={t('keys.name.example')}
            />
          </label>
          <fieldset className="field">
            <legend>{t('keys.scopes')}</legend>
            <Checkbox.Group
              className="column-choice"
              value={scopes}
              onChange={setScopes}
              options={SCOPES.map(scope => ({ value: scope, label: t(`scopeWhy.${scope}`) }))}
            />
          </fieldset>
        </>
      ) : (
        <>
          <p>{t('keys.once')}</p>
          <div className="key-box">
            <code>{made}</code>
            <button
              type="button"
              className="button"
              onClick={() =>
                void navigator.clipboard.writeText(made).then(() => toaster.done(t('action.copied')))
              }
            >
              {t('action.copy')}
            </button>
          </div>
        </>
      )}
    </Modal>
  );
}
