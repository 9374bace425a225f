import type { TableCard, TableVersion } from '@bellwether/contracts';
import { useTranslation } from 'react-i18next';
import { Chart } from '../../charts/Chart.tsx';
import { calibrationChart, gainChart, profitChart, rocChart } from '../../charts/classifier.ts';
import type { ChartKit, ChartSpec } from '../../charts/spec.ts';
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
        card.beats_baseline || !isPlain(card) ? (
          <Badge tone={card.beats_baseline ? 'good' : 'neutral'}>
            {card.beats_baseline ? t('card.beats') : t('card.loses')}
          </Badge>
        ) : undefined
      }
    >
      <div className="card-figures">
        <div className="auc">
          <AucLine name={t('tables.cross.model')} auc={card.cross.auc} card={card} />
          <AucLine name={t('tables.cross.baseline')} auc={card.cross.baseline_auc} card={card} />
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

/** Whether logistic regression itself won: then there is nothing for it to beat. */
const isPlain = ({ families }: TableCard): boolean =>
  families.some(({ family, chosen }) => chosen && family === 'logistic');

/** One scale for both, near enough to tell them apart. */
function scaleOf({ cross: { auc, baseline_auc } }: TableCard): { from: number; to: number } {
  const lows = [auc.low, baseline_auc.low].map(low => low ?? 0.5);
  const highs = [auc.high, baseline_auc.high].map(high => high ?? 1);
  return { from: Math.max(0, Math.min(...lows) - 0.02), to: Math.min(1, Math.max(...highs) + 0.02) };
}

interface AucLineProps {
  name: string;
  auc: TableCard['cross']['auc'];
  card: TableCard;
}

function AucLine({ name, auc, card }: AucLineProps) {
  const format = useFormat();
  return (
    <div className="auc-line">
      <p>
        <span>{name}</span> <b className="figures">{auc.value === null ? '–' : format.decimal(auc.value)}</b>
      </p>
      <Interval estimate={auc} write={x => format.decimal(x)} label={name} {...scaleOf(card)} />
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
          title={t('tables.chart.roc')}
          note={t('chart.roc.note')}
          draw={kit => rocChart(curves, ofRows(kit))}
          height={260}
        />
      </div>
      <div className="card section">
        <Chart
          name={`${name}-gain`}
          title={t('tables.chart.gain')}
          note={t('tables.chart.gain.note', { lift: format.decimal(card.model.top_decile_lift, 1) })}
          draw={kit => gainChart(curves, ofRows(kit))}
          height={260}
        />
      </div>
      {card.value && (
        <div className="card section">
          <Chart
            name={`${name}-profit`}
            title={t('tables.chart.profit')}
            note={t('tables.chart.profit.note', {
              ...{ gain: money(card.value.gain), cost: money(card.value.cost) },
            })}
            draw={kit => profitOf(card, kit)}
            height={260}
          />
        </div>
      )}
    </div>
  );
}

function profitOf({ curves, threshold, threshold_why, value }: TableCard, kit: ChartKit): ChartSpec {
  const { gain = 1, cost = threshold, currency = '' } = value ?? {};
  const worth = { margin: gain, contact_cost: cost, currency, why: threshold_why };
  return profitChart({ curves, threshold, value: worth }, ofRows(kit));
}

/** Charts of customers speak of buyers; a table's rows are whatever they are. */
const OF_ROWS: Readonly<Record<string, string>> = {
  'chart.fpr': 'tables.chart.fpr',
  'chart.tpr': 'tables.chart.tpr',
  'chart.found': 'tables.chart.tpr',
  'chart.contacted': 'tables.chart.chosen',
};

function ofRows(kit: ChartKit): ChartKit {
  // the dictionary's function takes any key at run time; its type knows the key only where it is written out
  const say = kit.t as unknown as Say;
  const t: Say = (key, options = {}) => say(OF_ROWS[key] ?? key, options);
  return { ...kit, t: t as unknown as ChartKit['t'] };
}

type Say = (key: string, options?: Record<string, unknown>) => string;
