import type { JourneyResults } from '@bellwether/contracts';
import { useTranslation } from 'react-i18next';
import { range } from '../../format/sentences.ts';
import { useFormat } from '../../format/useFormat.ts';
import { Interval } from '../../parts/Interval.tsx';
import { Section } from '../../parts/Page.tsx';
import { Versus } from '../../parts/Versus.tsx';

type Arm = JourneyResults['treated'];

const rate = (arm: Arm): number => (arm.customers === 0 ? 0 : arm.buyers / arm.customers);
/** Below this the split itself is broken and no figure may be believed. */
const BROKEN_SPLIT = 0.001;

/** Treated beside left alone; the difference with its interval; in the demo market, the truth beside it. */
export function Lift({ results }: { results: JourneyResults }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { treated, holdout, truth, currency, sample_ratio_p: ratio } = results;
  const most = Math.max(rate(treated), rate(holdout), 0.01) * 1.15;
  const arm = (name: string, of: Arm, isReference: boolean) => ({
    name,
    value: rate(of),
    words: format.percent(rate(of), 1),
    isReference,
  });
  const money = (value: number) => format.briefMoney(value, currency);
  return (
    <Section title={t('lift.title')} note={t('lift.note')}>
      {ratio !== null && ratio < BROKEN_SPLIT && <p className="advice">{t('lift.broken')}</p>}
      <h3>{t('lift.bought')}</h3>
      <Versus
        lines={[arm(t('journey.treated'), treated, false), arm(t('journey.holdout'), holdout, true)]}
        to={most}
      />
      <h3>
        {t('lift.difference')}{' '}
        {results.lift.value !== null && (
          <b className="figures">{t('unit.points', { n: format.points(results.lift.value) })}</b>
        )}
      </h3>
      <Interval
        estimate={results.lift}
        write={format.points}
        label={t('lift.difference')}
        truth={truth}
        zero
      />
      {truth !== null && <p className="note truth-note">{t('truth.marker', { n: format.points(truth) })}</p>}
      <dl className="terms">
        <Term
          name={t('lift.orders')}
          estimate={results.incremental_orders}
          write={value => format.brief(Math.round(value))}
        />
        <Term name={t('lift.revenue')} estimate={results.incremental_revenue} write={money} />
        <Term
          name={t('lift.perCustomer')}
          estimate={results.revenue_lift}
          write={value => format.money(value, currency, 2)}
        />
      </dl>
    </Section>
  );
}

interface TermProps {
  name: string;
  estimate: JourneyResults['lift'];
  write: (value: number) => string;
}

function Term({ name, estimate, write }: TermProps) {
  return (
    <div>
      <dt>{name}</dt>
      <dd className="figures">
        {estimate.value === null ? '–' : <b>{write(estimate.value)}</b>}{' '}
        <span className="quiet">{range(estimate, write)}</span>
      </dd>
    </div>
  );
}
