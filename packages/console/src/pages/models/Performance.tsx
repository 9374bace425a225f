import { api, type Performance as Told, type ScenarioPage } from '@bellwether/contracts';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../app/api.ts';
import { Chart } from '../../charts/Chart.tsx';
import { calibrationOverTime, performanceChart } from '../../charts/operations.ts';
import { useFigure } from '../../format/useFigure.ts';
import { useFormat } from '../../format/useFormat.ts';
import { Section } from '../../parts/Page.tsx';
import { Empty, Loaded } from '../../parts/states.tsx';
import { useWords } from '../../parts/useWords.ts';

/** What was told, judged by what happened since, beside what the card promised. */
export function Performance({ page }: { page: ScenarioPage }) {
  const query = useApi(api.operations.performance, { params: { name: page.name } });
  return (
    <Loaded query={query} height={320}>
      {told => (told.outcomes.length === 0 ? <Waiting told={told} /> : <Judged page={page} told={told} />)}
    </Loaded>
  );
}

function Waiting({ told }: { told: Told }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <Empty
      title={t('performance.empty')}
      teach={
        told.next_at === null
          ? t('performance.empty.never', { days: told.horizon_days })
          : t('performance.empty.teach', { days: told.horizon_days, day: format.day(told.next_at) })
      }
    />
  );
}

function Judged({ page, told }: { page: ScenarioPage; told: Told }) {
  const { t } = useTranslation();
  const format = useFormat();
  const say = useWords();
  const write = useFigure();
  const newest = told.outcomes[told.outcomes.length - 1];
  if (newest === undefined) return null;
  const promised = told.promised.find(({ version }) => version === newest.version)?.figures ?? [];
  const [first] = newest.figures;
  if (first === undefined) return null;
  const day = format.day(newest.as_of);
  return (
    <Section
      title={told.alarm === null ? t('performance.answer', { day }) : say(told.alarm)}
      note={t(newest.told ? 'performance.note' : 'performance.anew', {
        n: format.count(newest.customers),
        days: told.horizon_days,
      })}
    >
      <div className="chart-grid">
        <Chart
          name={`${page.name}-performance`}
          title={say(first.words)}
          note={t('performance.chart.note')}
          draw={kit => performanceChart(told, say(first.words), kit)}
          height={260}
        />
        {newest.calibration.length > 0 && (
          <Chart
            name={`${page.name}-calibration-over-time`}
            title={t('performance.calibration')}
            note={t('performance.calibration.note')}
            draw={kit => calibrationOverTime(told, kit)}
            height={260}
          />
        )}
      </div>
      <table className="compare">
        <caption className="unseen">{t('performance.chart.note')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('card.figure')}</th>
            <th scope="col">{t('performance.came', { day })}</th>
            <th scope="col">{t('performance.promised', { version: newest.version })}</th>
          </tr>
        </thead>
        <tbody>
          {newest.figures.map(figure => {
            const card = promised.find(({ name }) => name === figure.name);
            return (
              <tr key={figure.name}>
                <th scope="row">
                  {say(figure.words)}
                  {figure.better === 'lower' && <span className="quiet"> ↓</span>}
                </th>
                <td className="figures">{write(figure.unit, figure.model)}</td>
                <td className="figures quiet">{card ? write(card.unit, card.model) : '–'}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </Section>
  );
}
