import type { StageState } from '@bellwether/contracts';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../format/useFormat.ts';
import { Icon } from '../../parts/Icon.tsx';
import { figureWords } from './stageFigures.ts';

/** Where each stage is looked into. */
const HOMES = {
  collect: { to: '/data', search: { tab: 'arrivals' } },
  prepare: { to: '/data', search: { tab: 'preparation' } },
  learn: { to: '/models', search: {} },
  score: { to: '/customers', search: {} },
  act: { to: '/journeys', search: {} },
  measure: { to: '/journeys', search: {} },
} as const;

/** The loop: six stations on one line, and the way back on which what was measured becomes data again. */
export function Loop({ stages }: { stages: readonly StageState[] }) {
  const { t } = useTranslation();
  return (
    <section className="loop" aria-label={t('loop.label')}>
      <ol>
        {stages.map((stage, index) => (
          <Station
            key={stage.stage}
            stage={stage}
            isLast={index === stages.length - 1}
            next={stages[index + 1]}
          />
        ))}
      </ol>
      <div className="loop-return">
        <svg viewBox="0 0 1000 34" preserveAspectRatio="none" aria-hidden="true">
          <path d="M917 0V14a10 10 0 0 1-10 10H93a10 10 0 0 1-10-10V4" vectorEffect="non-scaling-stroke" />
        </svg>
        <svg className="loop-head" width="10" height="8" viewBox="0 0 10 8" aria-hidden="true">
          <path d="M1 7 5 1.500 9 7" />
        </svg>
        <span>{t('loop.return')}</span>
      </div>
    </section>
  );
}

function Station({
  stage,
  isLast,
  next,
}: {
  stage: StageState;
  isLast: boolean;
  next: StageState | undefined;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const home = HOMES[stage.stage];
  const figures = figureWords(stage, t, format);
  const isFlowing = next !== undefined && next.state !== 'empty' && next.state !== 'waiting';
  return (
    <li className={`station station-${stage.state}`}>
      {!isLast && <i className={isFlowing ? 'track' : 'track track-waiting'} aria-hidden="true" />}
      <Link to={home.to} search={home.search}>
        <span className="station-dot">
          <Icon name={stage.stage} size={20} />
          <StationMark state={stage.state} />
        </span>
        <span className="station-words">
          <b>{t(`stage.${stage.stage}`)}</b>
          {figures.slice(0, 2).map(figure => (
            <span key={figure} className="station-figure">
              {figure}
            </span>
          ))}
          <span
            className="station-state"
            title={stage.error ?? (stage.at === null ? undefined : format.moment(stage.at))}
          >
            {stage.state === 'ok' && stage.at !== null
              ? format.ago(stage.at, Date.now())
              : t(`stageState.${stage.state}`)}
          </span>
        </span>
      </Link>
    </li>
  );
}

/** The state as a shape at the station's shoulder. */
function StationMark({ state }: { state: StageState['state'] }) {
  const path = MARKS[state];
  return path === undefined ? null : (
    <svg className="station-mark" width="14" height="14" viewBox="0 0 14 14" aria-hidden="true">
      <circle cx="7" cy="7" r="6.500" />
      <path d={path} />
    </svg>
  );
}

const MARKS: Partial<Record<StageState['state'], string>> = {
  ok: 'M4 7.300 6.200 9.500 10 5',
  running: 'M5.500 4.500 9.500 7l-4 2.500z',
  stale: 'M7 3.800V7l2.200 1.500',
  failed: 'M7 3.500v4M7 10h.01',
};
