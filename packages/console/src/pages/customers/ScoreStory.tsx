import { api, type Score } from '@bellwether/contracts';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../app/api.ts';
import { reasonWords } from '../../format/reasons.ts';
import { useFormat } from '../../format/useFormat.ts';
import { Badge } from '../../parts/Badge.tsx';
import { Interval } from '../../parts/Interval.tsx';
import { Rich } from '../../parts/Rich.tsx';
import { useWords } from '../../parts/useWords.ts';
import { usePreferences } from '../../app/preferences.tsx';

/** What now, how sure, and why: a score with its interval and its reasons in words. */
export function ScoreStory({ score, currency }: { score: Score; currency: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { data: page } = useApi(api.scenarios.page, { params: { name: score.scenario } });
  const say = useWords();
  const share = (value: number) => format.percent(value, 0);
  const title = page === undefined ? score.scenario : say(page.title);
  const { probability: value, low, high } = score;
  return (
    <section aria-label={title}>
      <div className="section-head">
        <h3>{title}</h3>
        {score.chosen && <Badge tone="good">{t('customer.chosen')}</Badge>}
      </div>
      <p className="score-line">
        <Rich text={t('customer.score', { p: share(value), range: `${share(low)}–${share(high)}` })} />
      </p>
      <Interval estimate={{ value, low, high, n: 1 }} write={share} label={title} from={0} to={1} />
      <Reasons score={score} features={page?.features ?? []} currency={currency} />
      <p className="note">
        {t('customer.asOf', { day: format.day(score.as_of), version: score.version })}{' '}
        <Link to="/models/$name" params={{ name: score.scenario }} className="link">
          {t('computed.model')}
        </Link>
      </p>
    </section>
  );
}

/** An effect comes in percentage points, as a reader says it; a difference of shares is a hundredth of that. */
const POINTS = 100;

interface ReasonsProps {
  score: Score;
  features: Parameters<typeof reasonWords>[1];
  currency: string;
}

/** Each reason as words and a bar to the left or to the right of nothing. */
function Reasons({ score, features, currency }: ReasonsProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const { locale } = usePreferences();
  const most = Math.max(0.001, ...score.reasons.map(({ effect }) => Math.abs(effect)));
  return (
    <ol className="reason-list" aria-label={t('customer.why')}>
      {score.reasons.map(reason => (
        <li key={reason.feature}>
          <span>{reasonWords(reason, features, { locale, format, currency })}</span>
          <i aria-hidden="true">
            <b
              className={reason.effect < 0 ? 'is-less' : 'is-more'}
              style={{
                width: `${(Math.abs(reason.effect) / most) * 50}%`,
                [reason.effect < 0 ? 'right' : 'left']: '50%',
              }}
            />
          </i>
          <span className="figures">{t('unit.points', { n: format.points(reason.effect / POINTS) })}</span>
        </li>
      ))}
    </ol>
  );
}
