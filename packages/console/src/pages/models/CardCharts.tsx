import type { ClassifierCard } from '@bellwether/contracts';
import { useTranslation } from 'react-i18next';
import { Chart } from '../../charts/Chart.tsx';
import {
  calibrationChart,
  gainChart,
  importanceChart,
  profitChart,
  rocChart,
} from '../../charts/classifier.ts';
import { useFormat } from '../../format/useFormat.ts';
import { useWords } from '../../parts/useWords.ts';

/** The pictures of a classifier: four from the test period, and what counts. */
export function CardCharts({ card, version }: { card: ClassifierCard; version: number }) {
  const { t } = useTranslation();
  const format = useFormat();
  const say = useWords();
  const name = `${card.scenario}-v${version}`;
  const contact = format.money(card.value.contact_cost, card.value.currency);
  const margin = format.money(card.value.margin, card.value.currency);
  const { profit } = card.curves;
  const most = profit.reduce((highest, next) => (next.profit > highest.profit ? next : highest), profit[0]);
  const best = format.percent(most.threshold, 0);
  return (
    <div className="chart-grid">
      <div className="card section">
        <Chart
          name={`${name}-roc`}
          title={t('chart.roc')}
          note={t('chart.roc.note')}
          draw={kit => rocChart(card.curves, kit)}
          height={260}
        />
      </div>
      <div className="card section">
        <Chart
          name={`${name}-calibration`}
          title={t('chart.calibration')}
          note={t('chart.calibration.note', { error: format.percent(card.model.calibration_error, 1) })}
          draw={kit => calibrationChart(card.curves, kit)}
          height={260}
        />
      </div>
      <div className="card section">
        <Chart
          name={`${name}-gain`}
          title={t('chart.gain')}
          note={t('chart.gain.note', { lift: format.decimal(card.model.top_decile_lift, 1) })}
          draw={kit => gainChart(card.curves, kit)}
          height={260}
        />
      </div>
      <div className="card section">
        <Chart
          name={`${name}-profit`}
          title={t('chart.profitBy')}
          note={`${t('chart.profitBy.note', { margin, contact })}; ${t('chart.profitBest', { p: best })}`}
          draw={kit => profitChart(card, kit)}
          height={260}
        />
      </div>
      <div className="card section importance">
        <Chart
          name={`${name}-importance`}
          title={t('chart.importance')}
          note={t('chart.importance.note')}
          draw={kit => importanceChart(card, say, kit)}
          height={300}
        />
      </div>
    </div>
  );
}
