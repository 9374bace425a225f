import { api, type ScenarioPage } from '@bellwether/contracts';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../app/api.ts';
import { Chart } from '../../charts/Chart.tsx';
import { driftChart } from '../../charts/operations.ts';
import { Section } from '../../parts/Page.tsx';
import { Empty, Loaded } from '../../parts/states.tsx';
import { useWords } from '../../parts/useWords.ts';

/** Whether customers still look as they did when the version was tested, run by run, with what chance alone would do. */
export function DriftOverTime({ page }: { page: ScenarioPage }) {
  const { t } = useTranslation();
  const say = useWords();
  const query = useApi(api.operations.drift, { params: { name: page.name } });
  const words = (name: string): string =>
    say(page.features.find(feature => feature.name === name)?.words ?? { en: name, 'zh-CN': name }).replace(
      /\{(value)?\}/,
      '…',
    );
  return (
    <Loaded query={query} height={320}>
      {({ runs, sentences }) =>
        runs.length === 0 ? (
          <Empty title={t('driftTime.empty')} teach={t('driftTime.empty.teach')} />
        ) : (
          <Section
            title={t(sentences.length === 0 ? 'driftTime.still' : 'driftTime.moved')}
            note={t('driftTime.note')}
          >
            {sentences.map(sentence => (
              <p key={sentence.en} className="advice">
                {say(sentence)}
              </p>
            ))}
            <Chart
              name={`${page.name}-drift`}
              title={t('driftTime.chart')}
              note={t('driftTime.chart.note')}
              draw={kit => driftChart(runs, words, kit)}
              height={280}
            />
          </Section>
        )
      }
    </Loaded>
  );
}
