import type { Overview } from '@bellwether/contracts';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../format/useFormat.ts';
import { Interval } from '../../parts/Interval.tsx';
import { Versus } from '../../parts/Versus.tsx';

/** Four columns, one for each thing that happened: came in, learned, sent, worth. */
export function Ledger({ overview }: { overview: Overview }) {
  return (
    <div className="ledger card">
      <CameIn overview={overview} />
      <Learned overview={overview} />
      <Sent overview={overview} />
      <Worth overview={overview} />
    </div>
  );
}

function Entry({
  title,
  figure,
  line,
  children,
}: {
  title: string;
  figure: ReactNode;
  line?: ReactNode;
  children?: ReactNode;
}) {
  return (
    <section className="entry" aria-label={title}>
      <h2>{title}</h2>
      <p className="entry-figure">{figure}</p>
      {line && <p className="note">{line}</p>}
      {children}
    </section>
  );
}

function CameIn({ overview }: { overview: Overview }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <Entry
      title={t('today.cameIn')}
      figure={
        <span title={format.money(overview.revenue, overview.currency)}>
          {format.briefMoney(overview.revenue, overview.currency)}
        </span>
      }
      line={t('today.cameIn.line', {
        orders: format.brief(overview.orders),
        customers: format.brief(overview.customers),
      })}
    >
      <Spark values={overview.revenue_by_week.map(({ revenue }) => revenue)} />
    </Entry>
  );
}

/** Revenue of the last weeks, without axes: only its shape. */
function Spark({ values }: { values: readonly number[] }) {
  const last = values.slice(-26);
  const most = Math.max(1, ...last);
  const points = last.map(
    (value, index) => `${(index / Math.max(1, last.length - 1)) * 100},${28 - (value / most) * 26}`,
  );
  return last.length < 2 ? null : (
    <svg className="spark" viewBox="0 0 100 30" preserveAspectRatio="none" aria-hidden="true">
      <polygon points={`0,30 ${points.join(' ')} 100,30`} />
      <polyline points={points.join(' ')} vectorEffect="non-scaling-stroke" />
    </svg>
  );
}

function Learned({ overview }: { overview: Overview }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { learned } = overview;
  if (learned === null) return <Entry title={t('today.learned')} figure="–" line={t('today.learned.none')} />;
  return (
    <Entry
      title={t('today.learned')}
      figure={
        <Link to="/models/$name" params={{ name: learned.scenario }}>
          AUC {format.decimal(learned.auc)}
        </Link>
      }
      line={t('today.learned.line', { lift: format.decimal(learned.lift, 1) })}
    >
      <Versus
        lines={[
          { name: t('model.model'), value: learned.auc, words: format.decimal(learned.auc) },
          {
            name: t('model.baseline'),
            value: learned.baseline_auc,
            words: format.decimal(learned.baseline_auc),
            isReference: true,
          },
        ]}
        from={0.5}
        to={1}
      />
    </Entry>
  );
}

function Sent({ overview }: { overview: Overview }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { worth } = overview;
  if (worth === null) return <Entry title={t('today.sent')} figure="–" line={t('today.sent.none')} />;
  return (
    <Entry
      title={t('today.sent')}
      figure={
        <Link to="/journeys/$id" params={{ id: worth.journey_id }}>
          {format.brief(worth.sent)}
        </Link>
      }
      line={worth.dry_run ? t('today.sent.dryRun') : t('today.sent.line', { name: worth.name })}
    >
      <Link to="/journeys/$id" params={{ id: worth.journey_id }} className="link entry-link">
        {t('today.sent.see')}
      </Link>
    </Entry>
  );
}

function Worth({ overview }: { overview: Overview }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { worth } = overview;
  if (worth === null || worth.dry_run || worth.lift.value === null) {
    return (
      <Entry
        title={t('today.worth')}
        figure="–"
        line={worth?.dry_run ? t('today.worth.dryRun') : t('today.worth.none')}
      />
    );
  }
  return (
    <Entry
      title={t('today.worth')}
      figure={t('unit.points', { n: format.points(worth.lift.value) })}
      line={t('today.worth.line')}
    >
      <Interval
        estimate={worth.lift}
        write={format.points}
        label={t('today.worth')}
        truth={worth.truth}
        zero
      />
      {worth.truth !== null && (
        <p className="note truth-note">{t('truth.marker', { n: format.points(worth.truth) })}</p>
      )}
    </Entry>
  );
}
