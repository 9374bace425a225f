import type { ClassifierCard, ModelCard, ModelVersion, ScenarioPage } from '@bellwether/contracts';
import type { TFunction } from 'i18next';
import { Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../format/useFormat.ts';
import { Computed } from '../../parts/Computed.tsx';
import { Skeleton } from '../../parts/states.tsx';
import { Ago } from '../../parts/time.tsx';
import { CardCharts } from './CardCharts.tsx';
import { CardFigures } from './CardFigures.tsx';
import { CardTable } from './CardTable.tsx';
import { Families } from './Families.tsx';
import { Features } from './Features.tsx';
import { CardPage } from './CardPage.tsx';
import { Needs } from './Needs.tsx';
import { Operations } from './Operations.tsx';
import { Results } from './Results.tsx';
import { Versions } from './Versions.tsx';
import { VIEWS } from './views.tsx';

/** One version, whole: what it says today, how good it is, how it came to be. */
export function Trained({
  page,
  shown,
  champion,
}: {
  page: ScenarioPage;
  shown: ModelVersion;
  champion: ModelVersion | undefined;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const { card } = shown;
  const View = VIEWS[page.kind];
  return (
    <>
      {View && page.champion !== null && (
        <Suspense fallback={<Skeleton height={320} />}>
          <View page={page} />
        </Suspense>
      )}
      {card.kind === 'classifier' ? (
        <Classifier card={card} version={shown.version} page={page} champion={champion} />
      ) : (
        <CardTable version={shown} />
      )}
      <Versions page={page} shown={shown} />
      <CardPage version={shown} />
      <Operations page={page} />
      <Needs needs={page.needs} />
      {card.kind === 'classifier' && <Features page={page} card={card} />}
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
              n: format.count(card.figures[0].model.n),
            }),
          ],
          ...convergenceOf(card, t),
          [t('computed.interval'), t('model.interval')],
          [t('computed.asOf'), <Ago key="ago" at={shown.created_at} />],
        ]}
      />
    </>
  );
}

function Classifier({
  card,
  version,
  page,
  champion,
}: {
  card: ClassifierCard;
  version: number;
  page: ScenarioPage;
  champion: ModelVersion | undefined;
}) {
  const threshold = champion?.card.kind === 'classifier' ? champion.card.threshold : undefined;
  return (
    <>
      {page.results && <Results page={page} results={page.results} threshold={threshold} />}
      <CardFigures card={card} version={version} />
      <Families card={card} />
      <CardCharts card={card} version={version} />
    </>
  );
}

function convergenceOf(card: ModelCard, t: TFunction): [string, string][] {
  if (card.kind !== 'classifier' || card.convergence === null) return [];
  const { converged, iterations } = card.convergence;
  const told = converged ? t('model.converged.yes', { n: iterations }) : t('model.converged.no');
  return [[t('model.converged'), told]];
}
