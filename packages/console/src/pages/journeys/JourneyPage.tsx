import { api, type Journey, type JourneyResults } from '@bellwether/contracts';
import { getRouteApi } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../app/api.ts';
import { Chart } from '../../charts/Chart.tsx';
import { boughtByDay } from '../../charts/time.ts';
import { journeyAnswer } from '../../format/sentences.ts';
import { useFormat } from '../../format/useFormat.ts';
import { Computed } from '../../parts/Computed.tsx';
import { Page } from '../../parts/Page.tsx';
import { Rich } from '../../parts/Rich.tsx';
import { Fault, Skeleton } from '../../parts/states.tsx';
import { Ago } from '../../parts/time.tsx';
import { Flow } from './Flow.tsx';
import { JourneyActions } from './JourneyActions.tsx';
import { Lift } from './Lift.tsx';
import { Messages } from './Messages.tsx';
import { MessageStates } from './MessageStates.tsx';

const route = getRouteApi('/shell/journeys/$id');

/** What did it do, and what was it worth beside those who were left alone? */
export function JourneyPage() {
  const { id } = route.useParams();
  const journey = useApi(api.engagement.journey, { params: { id } }, { every: 10_000 });
  const results = useApi(api.engagement.journeyResults, { params: { id } }, { every: 5_000 });
  if (journey.data === undefined) {
    return (
      <Page title="…" answer={<Skeleton height={64} lines={2} />}>
        {journey.error ? (
          <Fault error={journey.error} retry={() => void journey.refetch()} />
        ) : (
          <Skeleton height={480} />
        )}
      </Page>
    );
  }
  return (
    <Filled
      journey={journey.data}
      results={results.data}
      error={results.error}
      retry={() => void results.refetch()}
    />
  );
}

interface FilledProps {
  journey: Journey;
  results: JourneyResults | undefined;
  error: Error | null;
  retry: () => void;
}

function Filled({ journey, results, error, retry }: FilledProps) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <Page
      title={journey.name}
      actions={<JourneyActions journey={journey} />}
      answer={
        journey.state === 'draft' ? (
          t('journey.answer.draft')
        ) : results === undefined ? (
          <Skeleton height={32} lines={1} />
        ) : (
          <Rich text={journeyAnswer(results, journey.graph.dry_run, t, format)} />
        )
      }
    >
      <Flow journey={journey} results={results} />
      {error && results === undefined && <Fault error={error} retry={retry} />}
      {results && <Measured journey={journey} results={results} />}
    </Page>
  );
}

function Measured({ journey, results }: { journey: Journey; results: JourneyResults }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { treated, holdout } = results;
  return (
    <>
      {!journey.graph.dry_run && (
        <div className="journey-columns">
          <Lift results={results} />
          {results.by_day.length > 0 && (
            <section className="card section" aria-label={t('journey.byDay')}>
              <Chart
                name={`journey-${journey.id}`}
                title={t('journey.byDay')}
                note={t('journey.byDay.note', {
                  count: journey.graph.measure_days,
                  days: journey.graph.measure_days,
                })}
                height={300}
                draw={kit => boughtByDay(results, kit)}
              />
            </section>
          )}
        </div>
      )}
      <MessageStates results={results} />
      <Messages id={journey.id} />
      <Computed
        facts={[
          [
            'n',
            t('journey.computed.n', {
              treated: format.count(treated.customers),
              holdout: format.count(holdout.customers),
            }),
          ],
          [
            t('computed.period'),
            t('journey.computed.period', {
              count: journey.graph.measure_days,
              days: journey.graph.measure_days,
            }),
          ],
          [
            t('journey.split'),
            results.sample_ratio_p === null
              ? '–'
              : t('journey.split.words', { p: format.decimal(results.sample_ratio_p, 2) }),
          ],
          [t('computed.version'), `v${journey.version}`],
          [t('computed.interval'), t('computed.interval95')],
          [t('computed.asOf'), <Ago key="ago" at={results.as_of} />],
        ]}
      />
    </>
  );
}
