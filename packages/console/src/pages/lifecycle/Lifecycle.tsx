import { api, type LifecycleSummary, type ScenarioPage, type Stage } from '@bellwether/contracts';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../app/api.ts';
import { Chart } from '../../charts/Chart.tsx';
import { decileChart, valueHistogram } from '../../charts/lifecycle.ts';
import { range } from '../../format/sentences.ts';
import { useFormat } from '../../format/useFormat.ts';
import { Rich } from '../../parts/Rich.tsx';
import { Empty, Loaded } from '../../parts/states.tsx';
import { ChurnSection } from './ChurnSection.tsx';
import { CohortTable } from './CohortTable.tsx';
import { Movements } from './Movements.tsx';
import { NextStep } from './NextStep.tsx';
import { Rules } from './Rules.tsx';
import { StageCustomers } from './StageCustomers.tsx';
import { StageStrip } from './StageStrip.tsx';

/** Where customers stand, how they move, what they will be worth, and by which rules. */
export default function Lifecycle({ page }: { page: ScenarioPage }) {
  const query = useApi(api.lifecycle.summary, {});
  return (
    <Loaded query={query} height={320}>
      {summary => (summary === null ? <NothingTold /> : <Told page={page} summary={summary} />)}
    </Loaded>
  );
}

function NothingTold() {
  const { t } = useTranslation();
  return <Empty title={t('lifecycle.empty.title')} teach={t('lifecycle.empty.teach')} />;
}

function Told({ page, summary }: { page: ScenarioPage; summary: LifecycleSummary }) {
  const { t } = useTranslation();
  const [stage, setStage] = useState<Stage>('at_risk');
  const champion = page.versions.find(({ state }) => state === 'champion')?.card;
  const chosen = summary.stages.find(row => row.stage === stage);
  return (
    <>
      <Answer summary={summary} />
      <StageStrip summary={summary} chosen={stage} onChoose={setStage} />
      {chosen && <NextStep of={chosen} currency={summary.currency} />}
      <Movements />
      <StageCustomers stage={stage} currency={summary.currency} />
      <CohortTable />
      <div className="chart-grid">
        <div className="card section">
          <Chart
            name="lifecycle-value"
            title={t('lifecycle.histogram')}
            note={t('lifecycle.histogram.note')}
            draw={kit => valueHistogram(summary, kit)}
            height={260}
          />
        </div>
        {champion?.kind === 'lifecycle' && (
          <div className="card section">
            <Chart
              name="lifecycle-deciles"
              title={t('lifecycle.deciles')}
              note={t('lifecycle.deciles.note', { days: champion.horizon_days })}
              draw={kit => decileChart(champion, kit)}
              height={260}
            />
          </div>
        )}
      </div>
      <ChurnSection />
      <Rules />
    </>
  );
}

function Answer({ summary }: { summary: LifecycleSummary }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { stages, customers, currency, orders_90, value_90 } = summary;
  const of = (wanted: Stage) => stages.find(({ stage }) => stage === wanted);
  const living: readonly Stage[] = ['new', 'active', 'loyal', 'won_back'];
  const active = living.reduce((sum, stage) => sum + (of(stage)?.customers ?? 0), 0);
  const money = (value: number) => format.briefMoney(Math.round(value), currency);
  const answer = t('lifecycle.answer', {
    active: format.brief(active),
    customers: format.brief(customers),
    risk: format.brief(of('at_risk')?.customers ?? 0),
    value: money(of('at_risk')?.value_90.value ?? 0),
  });
  const total = t('lifecycle.total', {
    orders: format.brief(Math.round(orders_90.value ?? 0)),
    value: money(value_90.value ?? 0),
    range: range(value_90, money),
  });
  return (
    <p className="lifecycle-answer">
      <Rich text={`${answer}${t('sentence.gap')}${total}`} />
    </p>
  );
}
