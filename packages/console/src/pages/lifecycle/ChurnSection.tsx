import { api, type Churn } from '@bellwether/contracts';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../app/api.ts';
import { Chart } from '../../charts/Chart.tsx';
import { churnChart, survivalChart } from '../../charts/lifecycle.ts';
import { useFormat } from '../../format/useFormat.ts';
import { Section } from '../../parts/Page.tsx';
import { Loaded } from '../../parts/states.tsx';

/** Churn by the definition in force: what it is, how it went, how long cohorts last. */
export function ChurnSection() {
  const { t } = useTranslation();
  const query = useApi(api.lifecycle.churn, {});
  return (
    <Loaded query={query} height={320}>
      {churn => (
        <Section title={t('lifecycle.churn')} note={<Definition of={churn} />}>
          <div className="chart-grid">
            <Chart
              name="lifecycle-churn"
              title={t('lifecycle.churn.rate')}
              note={t('lifecycle.churn.rate.note')}
              draw={kit => churnChart(churn, kit)}
              height={240}
            />
            <Chart
              name="lifecycle-survival"
              title={t('lifecycle.churn.survival')}
              note={t('lifecycle.churn.survival.note')}
              draw={kit => survivalChart(churn, kit)}
              height={240}
            />
          </div>
        </Section>
      )}
    </Loaded>
  );
}

function Definition({ of: { definition, proposed_days } }: { of: Churn }) {
  const { t } = useTranslation();
  const format = useFormat();
  const told =
    definition.by === 'silence'
      ? t('lifecycle.churn.silence', { days: format.count(definition.days) })
      : t('lifecycle.churn.alive', { share: format.percent(definition.below, 0) });
  const proposed =
    proposed_days === null ? '' : t('lifecycle.churn.proposed', { days: format.count(proposed_days) });
  return `${told}${t('sentence.gap')}${proposed}`;
}
