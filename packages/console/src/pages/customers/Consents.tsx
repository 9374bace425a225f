import { api, CONSENT_CHANNELS, type Consent, type Customer } from '@bellwether/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { Switch } from 'antd';
import { useTranslation } from 'react-i18next';
import { useCall } from '../../app/api.ts';
import { Ago } from '../../parts/time.tsx';
import { useToaster } from '../../parts/Toaster.tsx';

type Channel = (typeof CONSENT_CHANNELS)[number];

/** What the customer allows, in plain words, one line a channel; changed at once, with undo. */
export function Consents({ customer }: { customer: Customer }) {
  const { t } = useTranslation();
  return (
    <section aria-label={t('consent.title')}>
      <h3>{t('consent.title')}</h3>
      <ul className="consents">
        {CONSENT_CHANNELS.map(channel => (
          <ConsentLine
            key={channel}
            customer={customer}
            channel={channel}
            consent={customer.consents.find(
              ({ channel: of, purpose }) => of === channel && purpose === 'marketing',
            )}
          />
        ))}
      </ul>
    </section>
  );
}

interface ConsentLineProps {
  customer: Customer;
  channel: Channel;
  consent: Consent | undefined;
}

function ConsentLine({ customer, channel, consent }: ConsentLineProps) {
  const { t } = useTranslation();
  const set = useSetConsent(customer.customer_id, channel);
  const state = consent?.state ?? 'unknown';
  const label = t(`consent.${channel}`);
  return (
    <li>
      <div>
        <p>{label}</p>
        <p className="note">
          {t(`consentState.${state}`)}
          {consent?.at && (
            <>
              {' · '}
              <Ago at={consent.at} /> · {consent.source}
            </>
          )}
        </p>
      </div>
      <Switch
        size="small"
        aria-label={label}
        checked={state === 'granted'}
        onChange={granted => set(granted ? 'granted' : 'denied', state)}
      />
    </li>
  );
}

/** Shown as changed before the server has answered; put back if it refuses. */
function useSetConsent(
  id: string,
  channel: Channel,
): (next: 'granted' | 'denied', before: Consent['state']) => void {
  const { t } = useTranslation();
  const toaster = useToaster();
  const cache = useQueryClient();
  const call = useCall(api.customers.setConsent, [api.customers.get]);
  const key = [api.customers.get.path, { params: { id } }];
  const record = (state: 'granted' | 'denied', onSuccess: () => void) => {
    const old = cache.getQueryData<Customer>(key);
    if (old) cache.setQueryData(key, withConsent(old, channel, state));
    call.mutate(
      { params: { id }, body: { channel, purpose: 'marketing', state, proof: 'console' } },
      {
        onSuccess,
        onError: error => {
          cache.setQueryData(key, old);
          toaster.fault(error);
        },
      },
    );
  };
  return (next, before) =>
    record(next, () =>
      toaster.done(
        t(next === 'granted' ? 'consent.granted' : 'consent.denied', { channel: t(`channel.${channel}`) }),
        before === 'unknown' ? undefined : () => record(before, () => undefined),
      ),
    );
}

function withConsent(customer: Customer, channel: Channel, state: 'granted' | 'denied'): Customer {
  const others = customer.consents.filter(
    ({ channel: of, purpose }) => of !== channel || purpose !== 'marketing',
  );
  const at = new Date().toISOString();
  return {
    ...customer,
    consents: [...others, { channel, purpose: 'marketing', state, at, source: 'console' }],
  };
}
