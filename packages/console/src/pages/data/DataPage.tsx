import { api, type Arrivals } from '@bellwether/contracts';
import { getRouteApi } from '@tanstack/react-router';
import { Tabs } from 'antd';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../app/api.ts';
import { useFormat } from '../../format/useFormat.ts';
import { Computed } from '../../parts/Computed.tsx';
import { Page } from '../../parts/Page.tsx';
import { Rich } from '../../parts/Rich.tsx';
import { Skeleton } from '../../parts/states.tsx';
import { Ago } from '../../parts/time.tsx';
import { ArrivalsTab } from './ArrivalsTab.tsx';
import { IdentityTab } from './identity/IdentityTab.tsx';
import { ImportsTab } from './ImportsTab.tsx';
import { PreparationTab } from './PreparationTab.tsx';
import { QualityTab } from './QualityTab.tsx';
import { QuarantineTab } from './QuarantineTab.tsx';

const route = getRouteApi('/shell/data');
const TABS = {
  arrivals: ArrivalsTab,
  imports: ImportsTab,
  preparation: PreparationTab,
  quality: QualityTab,
  quarantine: QuarantineTab,
  identity: IdentityTab,
} as const;
type TabName = keyof typeof TABS;

/** Is my data there, is it right, and if not, why not? */
export function DataPage() {
  const { t } = useTranslation();
  const { tab = 'arrivals' } = route.useSearch();
  const navigate = route.useNavigate();
  const { data: arrivals } = useApi(api.data.arrivals, {}, { every: 5_000 });
  const Tab = TABS[tab];
  return (
    <Page title={t('nav.data')} answer={<DataAnswer arrivals={arrivals} />}>
      <Tabs
        activeKey={tab}
        onChange={key => void navigate({ search: { tab: key as TabName } })}
        items={(Object.keys(TABS) as TabName[]).map(key => ({
          key,
          label: t(`data.tab.${key}`),
          children: key === tab ? <Tab /> : null,
        }))}
      />
      {arrivals && <DataComputed arrivals={arrivals} />}
    </Page>
  );
}

function DataAnswer({ arrivals }: { arrivals: Arrivals | undefined }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (arrivals === undefined) return <Skeleton height={32} lines={1} />;
  const { events_total: events, orders_total: orders, quarantined, last_received_at: last } = arrivals;
  if (events + orders === 0) return t('data.answer.nothing');
  return (
    <Rich
      text={[
        t('data.answer', { orders: format.brief(orders), events: format.brief(events) }),
        quarantined > 0
          ? t('data.answer.refused', { n: format.brief(quarantined) })
          : t('data.answer.noneRefused'),
        last === null ? '' : t('data.answer.last', { ago: format.ago(last, Date.now()) }),
      ].join(t('sentence.gap'))}
    />
  );
}

function DataComputed({ arrivals }: { arrivals: Arrivals }) {
  const { t } = useTranslation();
  const format = useFormat();
  const n = format.count(arrivals.events_total + arrivals.orders_total + arrivals.quarantined);
  return (
    <Computed
      facts={[
        ['n', t('data.computed.n', { n })],
        [t('computed.asOf'), <Ago key="ago" at={arrivals.last_received_at} />],
        [t('data.waiting'), format.count(arrivals.waiting)],
      ]}
    />
  );
}
