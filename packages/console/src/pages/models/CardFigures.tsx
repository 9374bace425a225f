import type { ClassifierCard, ClassifierFigures } from '@bellwether/contracts';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../format/useFormat.ts';
import { Badge } from '../../parts/Badge.tsx';
import { Interval } from '../../parts/Interval.tsx';
import { Section } from '../../parts/Page.tsx';
import { useWords } from '../../parts/useWords.ts';

const FIGURES = [
  'precision',
  'recall',
  'f1',
  'log_loss',
  'brier',
  'calibration_error',
  'top_decile_lift',
] as const satisfies readonly (keyof ClassifierFigures)[];
/** Figures of which less is better. */
const LESS = new Set<(typeof FIGURES)[number]>(['log_loss', 'brier', 'calibration_error']);

/** Model against baseline on the later period, with the interval of their difference. */
export function CardFigures({ card, version }: { card: ClassifierCard; version: number }) {
  const { t } = useTranslation();
  const format = useFormat();
  const say = useWords();
  const points = (value: number) => format.decimal(value);
  return (
    <Section
      title={t('card.title', { version })}
      note={t('card.note', {
        n: format.count(card.model.n),
        positives: format.count(card.model.positives),
        day: format.day(card.test_moment),
      })}
      aside={
        <Badge tone={card.beats_baseline ? 'good' : 'bad'}>
          {card.beats_baseline ? t('card.beats') : t('card.loses')}
        </Badge>
      }
    >
      <div className="card-figures">
        <div className="auc">
          <AucLine name={t('model.model')} figures={card.model} />
          <AucLine name={`${t('model.baseline')}: ${say(card.baseline_name)}`} figures={card.baseline} />
          {card.rivals.map(({ name, figures }) => (
            <AucLine key={name.en} name={`${t('card.rival')}: ${say(name)}`} figures={figures} />
          ))}
          <p className="note">{t('card.gain')}</p>
          <Interval estimate={card.auc_gain} write={points} label={t('card.gain')} zero />
        </div>
        <table className="compare">
          <caption className="unseen">{t('card.title', { version })}</caption>
          <thead>
            <tr>
              <th scope="col">{t('card.figure')}</th>
              <th scope="col">{t('model.model')}</th>
              <th scope="col">{t('model.baseline')}</th>
            </tr>
          </thead>
          <tbody>
            {FIGURES.map(name => (
              <CompareLine key={name} name={name} model={card.model[name]} baseline={card.baseline[name]} />
            ))}
          </tbody>
        </table>
      </div>
    </Section>
  );
}

function AucLine({ name, figures }: { name: string; figures: ClassifierFigures }) {
  const format = useFormat();
  const value = figures.auc.value;
  return (
    <div className="auc-line">
      <p>
        <span>{name}</span> <b className="figures">AUC {value === null ? '–' : format.decimal(value)}</b>
      </p>
      <Interval estimate={figures.auc} write={x => format.decimal(x, 2)} label={name} from={0.5} to={1} />
    </div>
  );
}

function CompareLine({
  name,
  model,
  baseline,
}: {
  name: (typeof FIGURES)[number];
  model: number;
  baseline: number;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const isBetter = LESS.has(name) ? model < baseline : model > baseline;
  const write = (value: number) =>
    name === 'top_decile_lift' ? `${format.decimal(value, 2)}×` : format.decimal(value);
  return (
    <tr>
      <th scope="row" title={t(`figureWhy.${name}`)}>
        {t(`figureName.${name}`)}
        {LESS.has(name) && <span className="quiet"> ↓</span>}
      </th>
      <td className="figures">{isBetter ? <b>{write(model)}</b> : write(model)}</td>
      <td className="figures quiet">{write(baseline)}</td>
    </tr>
  );
}
