import { api, type ModelVersion, type ScenarioPage as Scenario } from '@bellwether/contracts';
import { getRouteApi } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../app/api.ts';
import { range } from '../../format/sentences.ts';
import { useFormat } from '../../format/useFormat.ts';
import { ButtonLink } from '../../parts/ButtonLink.tsx';
import { Computed } from '../../parts/Computed.tsx';
import { Page } from '../../parts/Page.tsx';
import { Rich } from '../../parts/Rich.tsx';
import { Empty, Fault, Skeleton } from '../../parts/states.tsx';
import { Ago } from '../../parts/time.tsx';
import { useWords } from '../../parts/useWords.ts';
import { CardCharts } from './CardCharts.tsx';
import { CardFigures } from './CardFigures.tsx';
import { Features } from './Features.tsx';
import { Needs } from './Needs.tsx';
import { Results } from './Results.tsx';
import { TrainAndScore } from './TrainAndScore.tsx';
import { Versions } from './Versions.tsx';

const route = getRouteApi('/shell/models/$name');

/** One page draws every scenario: does it know enough, is it any good, what does it say? */
export function ScenarioPage() {
  const { name } = route.useParams();
  const { version: wanted } = route.useSearch();
  const say = useWords();
  const query = useApi(api.scenarios.page, { params: { name } }, { every: 10_000 });
  const page = query.data;
  if (page === undefined) {
    return (
      <Page title={name} answer={<Skeleton height={64} lines={2} />}>
        {query.error ? (
          <Fault error={query.error} retry={() => void query.refetch()} />
        ) : (
          <Skeleton height={480} />
        )}
      </Page>
    );
  }
  const champion = page.versions.find(({ state }) => state === 'champion');
  const shown = page.versions.find(({ version }) => version === wanted) ?? champion ?? page.versions[0];
  return (
    <Page
      title={say(page.title)}
      answer={<Answer page={page} champion={champion} />}
      actions={<TrainAndScore page={page} />}
    >
      <p className="second-answer">{say(page.question)}</p>
      {page.advice.retrain && <p className="advice">{say(page.advice.why)}</p>}
      {shown === undefined ? (
        <Untrained page={page} />
      ) : (
        <Trained page={page} shown={shown} champion={champion} />
      )}
    </Page>
  );
}

function Answer({ page, champion }: { page: Scenario; champion: ModelVersion | undefined }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (champion === undefined) return page.ready ? t('model.answer.ready') : t('model.answer.notReady');
  const { card } = champion;
  const { results } = page;
  const quality = card.beats_baseline
    ? t('model.answer.better', {
        auc: format.decimal(card.model.auc.value ?? 0),
        baseline: format.decimal(card.baseline.auc.value ?? 0),
      })
    : t('model.answer.worse');
  const value = results?.expected.value ?? null;
  if (results === null || value === null) return <Rich text={quality} />;
  const expected = t('model.answer.expected', {
    n: format.brief(Math.round(value)),
    scored: format.brief(results.scored),
    days: card.horizon_days,
    range: range(results.expected, value => format.brief(Math.round(value))),
  });
  return <Rich text={`${expected}${t('sentence.gap')}${quality}`} />;
}

function Untrained({ page }: { page: Scenario }) {
  const { t } = useTranslation();
  return (
    <>
      <Needs needs={page.needs} />
      <Empty
        title={t('model.empty.title')}
        teach={page.ready ? t('model.empty.teach') : t('model.empty.need')}
        action={
          page.ready ? undefined : (
            <ButtonLink main to="/data" search={{ tab: 'imports' }}>
              {t('arrivals.empty.do')}
            </ButtonLink>
          )
        }
      />
    </>
  );
}

function Trained({
  page,
  shown,
  champion,
}: {
  page: Scenario;
  shown: ModelVersion;
  champion: ModelVersion | undefined;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const { card } = shown;
  return (
    <>
      {page.results && <Results page={page} results={page.results} threshold={champion?.card.threshold} />}
      <CardFigures version={shown} />
      <CardCharts version={shown} />
      <Versions page={page} shown={shown} />
      <Needs needs={page.needs} />
      <Features page={page} card={card} />
      <Computed
        facts={[
          [
            t('computed.version'),
            `${card.scenario} v${shown.version} · ${card.estimator} · ${t('model.seed', { seed: card.seed })}`,
          ],
          [
            t('computed.data'),
            t('computed.dataOf', {
              orders: format.count(card.data.orders),
              customers: format.count(card.data.customers),
            }),
          ],
          [t('computed.period'), `${format.day(card.data.first_at)} – ${format.day(card.data.last_at)}`],
          [
            t('model.trainedOn'),
            t('model.trainedOn.words', {
              rows: format.count(card.train_rows),
              moments: card.train_moments.length,
            }),
          ],
          [
            t('model.testedOn'),
            t('model.testedOn.words', {
              day: format.day(card.test_moment),
              days: card.horizon_days,
              n: format.count(card.model.n),
            }),
          ],
          [
            t('model.converged'),
            card.convergence.converged
              ? t('model.converged.yes', { n: card.convergence.iterations })
              : t('model.converged.no'),
          ],
          [t('computed.interval'), t('model.interval')],
          [t('computed.asOf'), <Ago key="ago" at={shown.created_at} />],
        ]}
      />
    </>
  );
}
