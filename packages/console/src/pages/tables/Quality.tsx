import type { TableCard, TableVersion } from '@bellwether/contracts';
import { useTranslation } from 'react-i18next';
import { Chart } from '../../charts/Chart.tsx';
import { calibrationChart, gainChart, profitChart, rocChart } from '../../charts/classifier.ts';
import { useFormat } from '../../format/useFormat.ts';
import { Badge } from '../../parts/Badge.tsx';
import { Interval } from '../../parts/Interval.tsx';
import { Section } from '../../parts/Page.tsx';
import { useWords } from '../../parts/useWords.ts';

/** How good a version is: every row judged by a model that had not seen it. */
export function Quality({ version: { card, version } }: { version: TableVersion }) {
  const { t } = useTranslation();
  const format = useFormat();
  const say = useWords();
  const points = (value: number) => format.decimal(value);
  return (
    <Section
      title={t('tables.cross.title', { version })}
      note={t(`tables.cross.note.${card.split}`, { folds: card.cross.folds })}
      aside={
        <Badge tone={card.beats_baseline ? 'good' : 'neutral'}>
          {card.beats_baseline ? t('card.beats') : t('card.loses')}
        </Badge>
      }
    >
      <div className="card-figures">
        <div className="auc">
          <AucLine name={t('tables.cross.model')} auc={card.cross.auc} />
          <AucLine name={t('tables.cross.baseline')} auc={card.cross.baseline_auc} />
          <p className="note">{t('card.gain')}</p>
          <Interval estimate={card.auc_gain} write={points} label={t('card.gain')} zero />
        </div>
        <Figures card={card} />
      </div>
      <p className="note">
        {t('tables.threshold')}: {say(card.threshold_why)}
      </p>
    </Section>
  );
}

function AucLine({ name, auc }: { name: string; auc: TableCard['cross']['auc'] }) {
  const format = useFormat();
  return (
    <div className="auc-line">
      <p>
        <span>{name}</span> <b className="figures">{auc.value === null ? '–' : format.decimal(auc.value)}</b>
      </p>
      <Interval estimate={auc} write={x => format.decimal(x, 2)} label={name} from={0.5} to={1} />
    </div>
  );
}

function Figures({ card }: { card: TableCard }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { cross, model } = card;
  const lines: [string, string][] = [
    [t('tables.cross.prior'), format.percent(card.prior, 1)],
    [t('tables.cross.calibration'), format.percent(cross.calibration_error, 1)],
    [t('tables.cross.logLoss'), format.decimal(cross.log_loss)],
    [t('tables.cross.brier'), format.decimal(cross.brier)],
    [t('tables.cross.test'), model.auc.value === null ? '–' : format.decimal(model.auc.value)],
    [t('figureName.precision'), format.percent(model.precision, 1)],
    [t('figureName.recall'), format.percent(model.recall, 1)],
    [t('tables.cross.best'), `${format.decimal(model.top_decile_lift, 2)}×`],
  ];
  return (
    <table className="compare">
      <tbody>
        {lines.map(([name, value]) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td className="figures">{value}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The pictures: of the last fold, but calibration of all. */
export function Pictures({ version: { card, version }, id }: { version: TableVersion; id: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const name = `${id}-v${version}`;
  const curves = { ...card.curves, calibration: card.cross.calibration };
  const money = (amount: number) =>
    card.value?.currency ? format.money(amount, card.value.currency) : format.decimal(amount, 2);
  const profit =
    card.value === null
      ? t('tables.chart.profit.unvalued', { p: format.percent(card.threshold, 1) })
      : t('tables.chart.profit.note', { gain: money(card.value.gain), cost: money(card.value.cost) });
  const worth = {
    ...{ margin: card.value?.gain ?? 1, contact_cost: card.value?.cost ?? card.threshold },
    ...{ currency: card.value?.currency ?? '', why: card.threshold_why },
  };
  return (
    <div className="chart-grid">
      <div className="card section">
        <Chart
          name={`${name}-calibration`}
          title={t('chart.calibration')}
          note={t('chart.calibration.note', { error: format.percent(card.cross.calibration_error, 1) })}
          draw={kit => calibrationChart(curves, kit)}
          height={260}
        />
      </div>
      <div className="card section">
        <Chart
          name={`${name}-roc`}
          title={t('chart.roc')}
          note={t('chart.roc.note')}
          draw={kit => rocChart(curves, kit)}
          height={260}
        />
      </div>
      <div className="card section">
        <Chart
          name={`${name}-gain`}
          title={t('chart.gain')}
          note={t('chart.gain.note', { lift: format.decimal(card.model.top_decile_lift, 1) })}
          draw={kit => gainChart(curves, kit)}
          height={260}
        />
      </div>
      <div className="card section">
        <Chart
          name={`${name}-profit`}
          title={t('chart.profitBy')}
          note={profit}
          draw={kit => profitChart({ curves, threshold: card.threshold, value: worth }, kit)}
          height={260}
        />
      </div>
    </div>
  );
}
