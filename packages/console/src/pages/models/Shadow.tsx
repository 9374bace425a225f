import { api, type ScenarioPage, type Shadow } from '@bellwether/contracts';
import { Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { useApi, useCall } from '../../app/api.ts';
import { Chart } from '../../charts/Chart.tsx';
import { shadowChart } from '../../charts/operations.ts';
import { useFormat } from '../../format/useFormat.ts';
import { Section } from '../../parts/Page.tsx';
import { Empty, Loaded } from '../../parts/states.tsx';
import { useToaster } from '../../parts/Toaster.tsx';

/** A challenger that scores the same customers unheard, and how far it agrees. */
export function ShadowScoring({ page }: { page: ScenarioPage }) {
  const query = useApi(api.operations.shadow, { params: { name: page.name } });
  return (
    <Loaded query={query} height={280}>
      {shadow => <Agreement page={page} shadow={shadow} />}
    </Loaded>
  );
}

const NONE = 0;

function Agreement({ page, shadow }: { page: ScenarioPage; shadow: Shadow }) {
  const { t } = useTranslation();
  const format = useFormat();
  const newest = shadow.runs.at(-1);
  const title =
    shadow.version === null || newest === undefined
      ? t('shadow.title')
      : t('shadow.answer', {
          version: shadow.version,
          differing: format.percent(newest.differing, 1),
          champion: newest.champion,
        });
  return (
    <Section title={title} note={t('shadow.note')} aside={<Choice page={page} shadow={shadow} />}>
      {newest === undefined ? (
        <Empty
          title={t('shadow.empty')}
          teach={shadow.version === null ? t('shadow.empty.teach') : t('shadow.waiting')}
        />
      ) : (
        <>
          <dl className="facts">
            <div>
              <dt>{t('shadow.rank')}</dt>
              <dd className="figures">
                {newest.rank_correlation === null ? '–' : format.decimal(newest.rank_correlation)}
              </dd>
            </div>
            <div>
              <dt>{t('shadow.differing')}</dt>
              <dd className="figures">{format.percent(newest.differing, 1)}</dd>
            </div>
            <div>
              <dt>{t('shadow.drift')}</dt>
              <dd className="figures">
                {format.decimal(newest.drift)}{' '}
                <span className="quiet">{t('shadow.byChance', { noise: format.decimal(newest.noise) })}</span>
              </dd>
            </div>
          </dl>
          <Chart
            name={`${page.name}-shadow`}
            title={t('shadow.chart')}
            draw={kit => shadowChart(shadow.runs, kit)}
            height={220}
          />
        </>
      )}
    </Section>
  );
}

function Choice({ page, shadow }: { page: ScenarioPage; shadow: Shadow }) {
  const { t } = useTranslation();
  const toaster = useToaster();
  const change = useCall(api.operations.changeShadow, [api.operations.shadow]);
  const others = page.versions.filter(({ state }) => state !== 'champion');
  const onChange = (version: number) =>
    change.mutate(
      { params: { name: page.name }, body: { version: version === NONE ? null : version } },
      { onError: error => toaster.fault(error) },
    );
  return (
    <Select
      value={shadow.version ?? NONE}
      onChange={onChange}
      aria-label={t('shadow.choose')}
      options={[
        { value: NONE, label: t('shadow.none') },
        ...others.map(({ version }) => ({ value: version, label: `v${version}` })),
      ]}
    />
  );
}
