import type { Figure, ModelVersion } from '@bellwether/contracts';
import { useTranslation } from 'react-i18next';
import { useFigure } from '../../format/useFigure.ts';
import { useFormat } from '../../format/useFormat.ts';
import { Badge } from '../../parts/Badge.tsx';
import { Section } from '../../parts/Page.tsx';
import { useWords } from '../../parts/useWords.ts';

/** A version's figures beside its baseline's, of whatever kind it is. */
export function CardTable({ version }: { version: ModelVersion }) {
  const { t } = useTranslation();
  const format = useFormat();
  const say = useWords();
  const { card } = version;
  return (
    <Section
      title={t('card.title', { version: version.version })}
      note={t('card.later', { days: card.horizon_days, day: format.day(card.test_moment) })}
      aside={
        <Badge tone={card.beats_baseline ? 'good' : 'bad'}>
          {card.beats_baseline ? t('card.beats') : t('card.loses')}
        </Badge>
      }
    >
      <table className="compare">
        <caption className="unseen">{t('card.title', { version: version.version })}</caption>
        <thead>
          <tr>
            <th scope="col">{t('card.figure')}</th>
            <th scope="col">{t('model.model')}</th>
            <th scope="col">{say(card.baseline_name)}</th>
          </tr>
        </thead>
        <tbody>
          {card.figures.map(figure => (
            <FigureLine key={figure.name} figure={figure} />
          ))}
        </tbody>
      </table>
      {card.limits.map(limit => (
        <p className="note" key={limit.en}>
          {say(limit)}
        </p>
      ))}
    </Section>
  );
}

function FigureLine({ figure }: { figure: Figure }) {
  const say = useWords();
  const write = useFigure();
  const { model, baseline, better } = figure;
  const difference = (model.value ?? 0) - (baseline?.value ?? 0);
  const leads = baseline !== null && (better === 'higher' ? difference > 0 : difference < 0);
  return (
    <tr>
      <th scope="row">
        {say(figure.words)}
        {better === 'lower' && <span className="quiet"> ↓</span>}
      </th>
      <td className="figures">{leads ? <b>{write(figure.unit, model)}</b> : write(figure.unit, model)}</td>
      <td className="figures quiet">{baseline === null ? '–' : write(figure.unit, baseline)}</td>
    </tr>
  );
}
