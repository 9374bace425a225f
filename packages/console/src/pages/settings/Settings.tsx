import { getRouteApi } from '@tanstack/react-router';
import { Tabs } from 'antd';
import { useTranslation } from 'react-i18next';
import { Page } from '../../parts/Page.tsx';
import { AccountTab } from './AccountTab.tsx';
import { EnginesTab } from './EnginesTab.tsx';
import { KeysTab } from './KeysTab.tsx';

const route = getRouteApi('/shell/settings');
const TABS = { account: AccountTab, keys: KeysTab, engines: EnginesTab } as const;
type TabName = keyof typeof TABS;

export function Settings() {
  const { t } = useTranslation();
  const { tab = 'account' } = route.useSearch();
  const navigate = route.useNavigate();
  const Tab = TABS[tab];
  return (
    <Page title={t('nav.settings')}>
      <Tabs
        activeKey={tab}
        onChange={key => void navigate({ search: { tab: key as TabName } })}
        items={(Object.keys(TABS) as TabName[]).map(key => ({
          key,
          label: t(`settings.tab.${key}`),
          children: key === tab ? <Tab /> : null,
        }))}
      />
    </Page>
  );
}
