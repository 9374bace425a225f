import { api, type Overview } from '@bellwether/contracts';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../app/api.ts';
import { Chart } from '../../charts/Chart.tsx';
import { revenueByWeek } from '../../charts/time.ts';
import { todayAnswer, worthAnswer } from '../../format/sentences.ts';
import { useFormat } from '../../format/useFormat.ts';
import { Computed } from '../../parts/Computed.tsx';
import { Page } from '../../parts/Page.tsx';
import { Rich } from '../../parts/Rich.tsx';
import { Fault, Skeleton } from '../../parts/states.tsx';
import { Ago } from '../../parts/time.tsx';
import { FirstSteps } from './FirstSteps.tsx';
import { Ledger } from './Ledger.tsx';
import { Loop } from './Loop.tsx';
import { Proposals } from './Proposals.tsx';
import { RunLoop } from './RunLoop.tsx';

/** How yesterday went, what is proposed, and why it may be believed: in ten seconds. */
export function Today() {
  const { t } = useTranslation();
  const format = useFormat();
  const { data: overview, error, refetch } = useApi(api.system.overview, {}, { every: everySoOften });
  if (overview === undefined) {
    return (
      <Page title={t('nav.today')} answer={<Skeleton height={64} lines={2} />}>
        {error ? <Fault error={error} retry={() => void refetch()} /> : <Skeleton height={520} />}
      </Page>
    );
  }
  const isEmpty = overview.customers === 0 && overview.orders === 0;
  return (
    <Page
      title={`${t('nav.today')} · ${format.day(overview.as_of)}`}
      answer={<Rich text={todayAnswer(overview, t, format)} />}
      actions={isEmpty ? undefined : <RunLoop />}
    >
      {overview.worth && (
        <p className="second-answer">
          <Rich text={worthAnswer(overview.worth, overview.currency, t, format)} />
        </p>
      )}
      <Loop stages={overview.stages} />
      {isEmpty ? <FirstSteps /> : <Filled overview={overview} />}
      <TodayComputed overview={overview} />
    </Page>
  );
}

/** Look often while a stage is under way. */
const everySoOften = (overview: Overview | undefined): number =>
  overview?.stages.some(({ state }) => state === 'running') ? 2_000 : 20_000;

function Filled({ overview }: { overview: Overview }) {
  const { t } = useTranslation();
  return (
    <>
      <Ledger overview={overview} />
      <div className="today-columns">
        <Proposals overview={overview} />
        <section className="card section" aria-label={t('today.revenueByWeek')}>
          <Chart
            name="revenue-by-week"
            title={t('today.revenueByWeek')}
            height={236}
            draw={kit => revenueByWeek(overview, kit)}
          />
        </section>
      </div>
    </>
  );
}

function TodayComputed({ overview }: { overview: Overview }) {
  const { t } = useTranslation();
  const format = useFormat();
  const first = overview.revenue_by_week[0]?.week;
  const { learned } = overview;
  return (
    <Computed
      scenario={learned?.scenario}
      facts={[
        [
          t('computed.data'),
          t('computed.dataOf', {
            orders: format.count(overview.orders),
            customers: format.count(overview.customers),
          }),
        ],
        ...(first === undefined
          ? []
          : [[t('computed.period'), `${format.day(first)} – ${format.day(overview.as_of)}`] as const]),
        ...(learned ? [[t('computed.version'), `${learned.scenario} v${learned.version}`] as const] : []),
        [t('computed.interval'), t('computed.interval95')],
        [t('computed.asOf'), <Ago key="ago" at={overview.as_of} />],
      ]}
    />
  );
}
