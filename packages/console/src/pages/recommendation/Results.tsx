import type { Estimate, RecommendationResults, SurfaceResults } from '@bellwether/contracts';
import type { TFunction } from 'i18next';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Chart } from '../../charts/Chart.tsx';
import { clicksByWeek } from '../../charts/recommendation.ts';
import type { Format } from '../../format/numbers.ts';
import { range } from '../../format/sentences.ts';
import { useFormat } from '../../format/useFormat.ts';
import { Interval } from '../../parts/Interval.tsx';
import { Section } from '../../parts/Page.tsx';
import { Rich } from '../../parts/Rich.tsx';

/** Below this the split itself is broken and no figure may be believed. */
const BROKEN_SPLIT = 0.001;

/** The answer in a sentence, the difference drawn, every surface in a table, and how it went week by week. */
export function Results({ results }: { results: RecommendationResults }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [shown, setShown] = useState('*');
  const [all] = results.surfaces;
  if (all === undefined || all.treated.shown === 0) return <p className="answer">{t('rec.answer.none')}</p>;
  const weeks = results.weeks.filter(({ surface }) => surface === shown);
  const ratio = all.sample_ratio_p;
  return (
    <Section title={t('rec.results')} note={t('rec.results.note')}>
      <p className="rec-answer">
        <Rich text={`${clickSentence(all, t, format)} ${buySentence(all, results.window_days, t, format)}`} />
      </p>
      {ratio !== null && ratio < BROKEN_SPLIT && <p className="advice">{t('rec.broken')}</p>}
      <Interval estimate={all.click_through_lift} write={format.points} label={t('rec.ctrLift')} zero />
      <Surfaces results={results} shown={shown} show={setShown} />
      {weeks.length > 1 && (
        <Chart
          name={`recommendation-${shown}`}
          title={t('rec.weeks')}
          note={t('rec.weeks.note')}
          height={220}
          draw={kit => clicksByWeek(weeks, kit)}
        />
      )}
    </Section>
  );
}

/** What is known of clicks, and no more. */
function clickSentence(
  { treated, click_through_lift: lift }: SurfaceResults,
  t: TFunction,
  format: Format,
): string {
  const rate = format.percent(treated.click_through.value ?? 0, 1);
  const { value, low, high } = lift;
  if (value === null || low === null || high === null) {
    const percent = (share: number): string => format.percent(share, 1);
    return t('rec.answer.alone', { rate, range: range(treated.click_through, percent) });
  }
  if (low > 0 || high < 0) {
    const [least, most] = low > 0 ? [low, high] : [-high, -low];
    const words = {
      rate,
      points: format.unsignedPoints(value),
      low: format.unsignedPoints(least),
      high: format.unsignedPoints(most),
    };
    return low > 0 ? t('rec.answer.more', words) : t('rec.answer.fewer', words);
  }
  return t('rec.answer.unclear', { rate, low: format.points(low), high: format.points(high) });
}

/** What is known of purchases; where it is nothing yet, how many people it takes. */
function buySentence(all: SurfaceResults, days: number, t: TFunction, format: Format): string {
  const { value, low, high } = all.conversion_lift;
  if (value === null || low === null || high === null) return '';
  const words = { points: format.points(value), low: format.points(low), high: format.points(high), days };
  if (low > 0) return t('rec.buy.known', words);
  if (high < 0) return t('rec.buy.less', words);
  const persons = all.treated.persons + all.holdout.persons;
  const needed =
    all.needed === null
      ? ''
      : t('rec.buy.needed', { needed: format.brief(all.needed), persons: format.brief(persons) });
  return `${t('rec.buy.unknown', words)} ${needed}`;
}

interface SurfacesProps {
  results: RecommendationResults;
  shown: string;
  show: (surface: string) => void;
}

function Surfaces({ results: { surfaces, currency }, shown, show }: SurfacesProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const percent = (value: number): string => format.percent(value, 1);
  const money = (value: number): string => format.money(value, currency, 2);
  return (
    <div className="rec-scroll">
      <table className="rec-table">
        <thead>
          <tr>
            {(
              [
                'surface',
                'people',
                'ctr',
                'ctrHoldout',
                'ctrLift',
                'buyLift',
                'revenueLift',
                'followed',
              ] as const
            ).map(name => (
              <th key={name} scope="col">
                {t(`rec.${name}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {surfaces.map(({ surface, treated, holdout, followed, ...lift }) => (
            <tr key={surface}>
              <th scope="row">
                <button
                  type="button"
                  className="bare strong-link"
                  aria-pressed={surface === shown}
                  onClick={() => show(surface)}
                >
                  {surface === '*' ? t('rec.all') : surface || t('rec.unnamed')}
                </button>
              </th>
              <td>{format.brief(treated.persons + holdout.persons)}</td>
              <Cell estimate={treated.click_through} write={percent} />
              <Cell estimate={holdout.click_through} write={percent} />
              <Cell estimate={lift.click_through_lift} write={format.points} />
              <Cell estimate={lift.conversion_lift} write={format.points} />
              <Cell estimate={lift.revenue_lift} write={money} />
              <td>
                {format.count(followed.ordered)} / {format.count(followed.clicks)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Cell({ estimate, write }: { estimate: Estimate; write: (value: number) => string }) {
  return (
    <td>
      {estimate.value === null ? '–' : write(estimate.value)}{' '}
      <small className="quiet">{range(estimate, write)}</small>
    </td>
  );
}
