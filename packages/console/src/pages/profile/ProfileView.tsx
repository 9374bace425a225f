import { api, type ScenarioPage } from '@bellwether/contracts';
import { getRouteApi } from '@tanstack/react-router';
import { Tabs } from 'antd';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../app/api.ts';
import { Loaded } from '../../parts/states.tsx';
import { Lookalikes } from './Lookalikes.tsx';
import { RfmTab } from './Rfm.tsx';
import { Segments } from './Segments.tsx';
import { TraitsTab } from './Traits.tsx';

const route = getRouteApi('/shell/models/$name');
const TABS = ['segments', 'rfm', 'traits', 'lookalikes'] as const;
type TabName = (typeof TABS)[number];

/** Who the customers are: segments, the grid of recency and frequency, traits, and who is like whom. */
export function ProfileView({ page }: { page: ScenarioPage }) {
  const { t } = useTranslation();
  const { tab } = route.useSearch();
  const navigate = route.useNavigate();
  const shown = TABS.find(name => name === tab) ?? 'segments';
  return (
    <section className="profile" aria-label={t('profile.title')}>
      <Tabs
        activeKey={shown}
        onChange={key => void navigate({ to: '.', search: old => ({ ...old, tab: key }) })}
        items={TABS.map(key => ({
          key,
          label: t(`profile.tab.${key}`),
          children: key === shown ? <Tab name={key} version={page.champion ?? 0} /> : null,
        }))}
      />
    </section>
  );
}

function Tab({ name, version }: { name: TabName; version: number }) {
  const query = useApi(api.profile.overview, {});
  if (name === 'rfm') return <RfmTab />;
  if (name === 'traits') return <TraitsTab />;
  return (
    <Loaded query={query} height={420}>
      {overview =>
        name === 'segments' ? (
          <Segments overview={overview} version={version} />
        ) : (
          <Lookalikes overview={overview} />
        )
      }
    </Loaded>
  );
}
