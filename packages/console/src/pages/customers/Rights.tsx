import { api, type Customer } from '@bellwether/contracts';
import { useNavigate } from '@tanstack/react-router';
import { Modal } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi, useCall } from '../../app/api.ts';
import { Section } from '../../parts/Page.tsx';
import { Rich } from '../../parts/Rich.tsx';
import { useToaster } from '../../parts/Toaster.tsx';

/** To see, take along and be forgotten: where a lawyer would look. */
export function Rights({ customer }: { customer: Customer }) {
  const { t } = useTranslation();
  const [isAsking, setAsking] = useState(false);
  const { data: me } = useApi(api.account.me, {});
  const address = `/v1/customers/${encodeURIComponent(customer.customer_id)}/export`;
  return (
    <Section title={t('rights.title')} note={t('rights.note')}>
      <div className="actions">
        <a className="button" href={`${address}?format=json`} download>
          {t('rights.json')}
        </a>
        <a className="button" href={`${address}?format=zip`} download>
          {t('rights.zip')}
        </a>
      </div>
      <div className="erase">
        <p className="note">{t('rights.erase.note')}</p>
        {me?.role === 'admin' ? (
          <button type="button" className="button danger" onClick={() => setAsking(true)}>
            {t('rights.erase')}
          </button>
        ) : (
          <p className="note">{t('rights.erase.admin')}</p>
        )}
      </div>
      {isAsking && <Erase customer={customer} onClose={() => setAsking(false)} />}
    </Section>
  );
}

function Erase({ customer: { customer_id: id }, onClose }: { customer: Customer; onClose: () => void }) {
  const { t } = useTranslation();
  const toaster = useToaster();
  const navigate = useNavigate();
  const [confirm, setConfirm] = useState('');
  const [reason, setReason] = useState('');
  const erase = useCall(api.customers.erase, [api.customers.list, api.system.jobs]);
  const submit = () =>
    erase.mutate(
      { params: { id }, body: { confirm, reason } },
      {
        onError: error => toaster.fault(error),
        onSuccess: () => {
          toaster.done(t('rights.erasing'));
          void navigate({ to: '/customers' });
        },
      },
    );
  return (
    <Modal
      open
      className="erase-modal"
      title={t('rights.erase.ask')}
      okText={t('rights.erase')}
      cancelText={t('action.cancel')}
      okButtonProps={{
        danger: true,
        disabled: confirm !== id || reason.trim().length < 3,
        loading: erase.isPending,
      }}
      onOk={submit}
      onCancel={onClose}
    >
      <div className="erase-form">
        <p>{t('rights.erase.what')}</p>
        <p>{t('rights.erase.books')}</p>
        <label className="field">
          <span>
            <Rich text={t('rights.erase.type', { id })} />
          </span>
          <input
            className="input"
            autoComplete="off"
            value={confirm}
            onChange={event => setConfirm(event.target.value)}
          />
        </label>
        <label className="field">
          <span>{t('rights.erase.why')}</span>
          <input className="input" value={reason} onChange={event => setReason(event.target.value)} />
        </label>
      </div>
    </Modal>
  );
}
