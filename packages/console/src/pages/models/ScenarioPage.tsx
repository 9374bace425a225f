import { api, type ModelVersion, type ScenarioPage as Scenario } from '@bellwether/contracts';
import { getRouteApi } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../app/api.ts';
import { range } from '../../format/sentences.ts';
import { useFormat } from '../../format/useFormat.ts';
import { ButtonLink } from '../../parts/ButtonLink.tsx';
import { Page } from '../../parts/Page.tsx';
import { Rich } from '../../parts/Rich.tsx';
import { Empty, Fault, Skeleton } from '../../parts/states.tsx';
import { useWords } from '../../parts/useWords.ts';
import { Needs } from './Needs.tsx';
import { Trained } from './Trained.tsx';
import { VIEWS } from './views.tsx';
import { TrainAndScore } from './TrainAndScore.tsx';

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
  // a view of its own answers the question below it
  const answers = champion !== undefined && VIEWS[page.kind] !== undefined;
  const shown = page.versions.find(({ version }) => version === wanted) ?? champion ?? page.versions[0];
  return (
    <Page
      title={say(page.title)}
      answer={answers ? say(page.question) : <Answer page={page} champion={champion} />}
      actions={<TrainAndScore page={page} />}
    >
      <p className="second-answer">
        {answers ? <Answer page={page} champion={champion} /> : say(page.question)}
      </p>
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
  const say = useWords();
  if (champion === undefined) return page.ready ? t('model.answer.ready') : t('model.answer.notReady');
  const { card } = champion;
  const { results } = page;
  const [figure] = card.figures;
  const quality = card.beats_baseline
    ? t('model.answer.better', {
        figure: say(figure.words),
        model: format.decimal(figure.model.value ?? 0),
        baseline: format.decimal(figure.baseline?.value ?? 0),
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
