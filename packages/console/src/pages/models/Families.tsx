import type { ClassifierCard, FamilyTrial } from '@bellwether/contracts';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../format/useFormat.ts';
import { Badge } from '../../parts/Badge.tsx';
import { Interval } from '../../parts/Interval.tsx';
import { Section } from '../../parts/Page.tsx';
import { Rich } from '../../parts/Rich.tsx';
import { useWords } from '../../parts/useWords.ts';

/** All methods that competed, on rows held back inside the training period, and why one of them won. */
export function Families({ card }: { card: Pick<ClassifierCard, 'families' | 'train_rows'> }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { families } = card;
  const winner = families.find(({ chosen }) => chosen);
  if (winner === undefined) return null;
  const trials = families.reduce((sum, family) => sum + family.trials, 0);
  const seconds = families.reduce((sum, family) => sum + family.seconds, 0);
  const budget = {
    ...{ trials: format.count(trials), rows: format.count(winner.rows) },
    ...{ time: format.decimal(seconds, 1), all: format.count(card.train_rows) },
  };
  return (
    <Section title={t('families.title')} note={t('families.budget', budget)}>
      <p className="family-answer">
        <Rich text={t('families.answer', { name: t(`family.${winner.family}`), n: families.length })} />
      </p>
      <div className="family-table">
        <table className="compare">
          <caption className="unseen">{t('families.title')}</caption>
          <thead>
            <tr>
              <th scope="col">{t('families.method')}</th>
              <th scope="col">{t('families.loss')}</th>
              <th scope="col">AUC</th>
              <th scope="col">{t('families.why')}</th>
            </tr>
          </thead>
          <tbody>
            {families.map(family => (
              <FamilyLine key={family.family} family={family} scale={scaleOf(families)} />
            ))}
          </tbody>
        </table>
      </div>
    </Section>
  );
}

/** One scale for all intervals, so that the eye compares them. */
function scaleOf(families: readonly FamilyTrial[]): { from: number; to: number } {
  const ends = families.flatMap(({ log_loss }) => [log_loss.low ?? NaN, log_loss.high ?? NaN]);
  const known = ends.filter(Number.isFinite);
  const [low, high] = [Math.min(...known), Math.max(...known)];
  const margin = 0.25 * (high - low);
  return { from: low - margin, to: high + margin };
}

function FamilyLine({ family, scale }: { family: FamilyTrial; scale: { from: number; to: number } }) {
  const { t } = useTranslation();
  const format = useFormat();
  const say = useWords();
  const name = t(`family.${family.family}`);
  return (
    <tr>
      <th scope="row">
        {family.chosen ? <b>{name}</b> : name}{' '}
        {family.chosen && <Badge tone="good">{t('families.won')}</Badge>}
        <span className="note family-parameters">{parametersOf(family, format.decimal)}</span>
      </th>
      <td className="family-interval">
        <b className="figures">
          {family.log_loss.value === null ? '–' : format.decimal(family.log_loss.value)}
        </b>
        <Interval
          estimate={family.log_loss}
          write={value => format.decimal(value)}
          label={`${name}, ${t('families.loss')}`}
          {...scale}
        />
      </td>
      <td className="figures">{family.auc.value === null ? '–' : format.decimal(family.auc.value)}</td>
      <td className="family-why">{say(family.why)}</td>
    </tr>
  );
}

/** `leaves 8 · learningRate 0.05`: as they are called in the method. */
function parametersOf(
  { parameters }: FamilyTrial,
  decimal: (value: number, digits?: number) => string,
): string {
  const write = (value: unknown): string =>
    typeof value === 'number' && !Number.isInteger(value)
      ? decimal(value, value < 0.01 ? 3 : 2)
      : String(value);
  return Object.entries(parameters)
    .map(([name, value]) => `${name} ${write(value)}`)
    .join(' · ');
}
