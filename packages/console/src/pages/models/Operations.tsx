import type { ScenarioPage } from '@bellwether/contracts';
import { Tabs } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Compare } from './Compare.tsx';
import { DriftOverTime } from './DriftOverTime.tsx';
import { Performance } from './Performance.tsx';
import { Runs } from './Runs.tsx';
import { Schedule } from './Schedule.tsx';
import { ShadowScoring } from './Shadow.tsx';

const TABS = {
  performance: Performance,
  drift: DriftOverTime,
  compare: Compare,
  shadow: ShadowScoring,
  runs: Runs,
  schedule: Schedule,
} as const;
type TabName = keyof typeof TABS;

/** How the version in use holds up, and what the scenario does by itself: one tab in sight. */
export function Operations({ page }: { page: ScenarioPage }) {
  const { t } = useTranslation();
  const [tab, setTab] = useState<TabName>('performance');
  const Tab = TABS[tab];
  return (
    <section aria-label={t('operations.title')} className="operations">
      <Tabs
        activeKey={tab}
        onChange={key => setTab(key as TabName)} // the keys are those below
        items={(Object.keys(TABS) as TabName[]).map(key => ({
          key,
          label: t(`operations.tab.${key}`),
          children: key === tab ? <Tab page={page} /> : null,
        }))}
      />
    </section>
  );
}
