import { api, type ScenarioPage } from '@bellwether/contracts';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../app/api.ts';
import { Chart } from '../../charts/Chart.tsx';
import { scoreHistogram } from '../../charts/classifier.ts';
import { range } from '../../format/sentences.ts';
import { useFormat } from '../../format/useFormat.ts';
import { Drift } from '../../parts/Drift.tsx';
import { Ago } from '../../parts/time.tsx';
import { DecisionRule } from './DecisionRule.tsx';

interface ResultsProps {
  page: ScenarioPage;
  results: NonNullable<ScenarioPage['results']>;
  threshold: number | undefined;
}

/** What the champion says of today's customers, and whom to write to. */
export function Results({ page, results, threshold }: ResultsProps) {
  const { data } = useApi(api.decision.preview, { params: { name: page.name }, body: {} });
  return (
    <>
      <Scores page={page} results={results} threshold={data?.threshold ?? threshold} />
      <DecisionRule page={page} />
    </>
  );
}

function Scores({ page, results, threshold }: ResultsProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const whole = (value: number) => format.brief(Math.round(value));
  return (
    <section className="card section results" aria-label={t('results.title')}>
      <Chart
        name={`${page.name}-scores`}
        title={t('results.histogram')}
        note={threshold === undefined ? '' : t('results.threshold', { p: format.percent(threshold, 1) })}
        height={200}
        draw={kit => scoreHistogram(results, threshold, kit)}
      />
      <dl className="result-figures">
        <div>
          <dt>{t('results.scored')}</dt>
          <dd className="figure">{format.brief(results.scored)}</dd>
          <dd className="note">
            <Ago at={results.as_of} />
          </dd>
        </div>
        <div>
          <dt>{t('results.expected')}</dt>
          <dd className="figure">{results.expected.value === null ? '–' : whole(results.expected.value)}</dd>
          <dd className="note figures">{range(results.expected, whole)}</dd>
        </div>
        <div>
          <dt>{t('results.chosen')}</dt>
          <dd className="figure">{format.brief(results.chosen)}</dd>
          <dd className="note">{format.percent(results.chosen / Math.max(1, results.scored), 1)}</dd>
        </div>
        <div>
          <dt>{t('results.drift')}</dt>
          <dd>
            <Drift value={results.score_drift} />
          </dd>
        </div>
      </dl>
    </section>
  );
}
