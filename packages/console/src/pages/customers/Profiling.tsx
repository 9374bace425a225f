import { api, type Customer } from '@bellwether/contracts';
import { Switch } from 'antd';
import { useTranslation } from 'react-i18next';
import { useCall } from '../../app/api.ts';
import { Ago } from '../../parts/time.tsx';
import { useToaster } from '../../parts/Toaster.tsx';

const TOUCHED = [api.customers.get, api.customers.similar];

/** Whether models may learn from them and tell of them. */
export function Profiling({ customer }: { customer: Customer }) {
  const { t } = useTranslation();
  const toaster = useToaster();
  const set = useCall(api.customers.setProfiling, TOUCHED);
  const { profiling, customer_id: id } = customer;
  const record = (objects: boolean, onSuccess: () => void) =>
    set.mutate({ params: { id }, body: { objects } }, { onSuccess, onError: error => toaster.fault(error) });
  return (
    <ul className="consents">
      <li>
        <div>
          <p>{t('profiling.title')}</p>
          <p className="note">
            {t(profiling.objects ? 'profiling.objects' : 'profiling.allowed')}
            {profiling.at !== null && (
              <>
                {' · '}
                <Ago at={profiling.at} /> · {profiling.source}
              </>
            )}
          </p>
        </div>
        <Switch
          size="small"
          aria-label={t('profiling.title')}
          checked={!profiling.objects}
          loading={set.isPending}
          onChange={allowed =>
            record(!allowed, () =>
              toaster.done(t(allowed ? 'profiling.nowAllowed' : 'profiling.nowObjects'), () =>
                record(allowed, () => undefined),
              ),
            )
          }
        />
      </li>
    </ul>
  );
}
