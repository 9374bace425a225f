import { api, type Comparison, type Figure, type ScenarioPage } from '@bellwether/contracts';
import { Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../app/api.ts';
import { useFigure } from '../../format/useFigure.ts';
import { useFormat } from '../../format/useFormat.ts';
import { Section } from '../../parts/Page.tsx';
import { Empty, Loaded } from '../../parts/states.tsx';
import { useWords } from '../../parts/useWords.ts';

/** Two versions side by side, judged on the same newest period. */
export function Compare({ page }: { page: ScenarioPage }) {
  const { t } = useTranslation();
  const newest = page.versions.find(({ state }) => state !== 'champion')?.version;
  const [a, setA] = useState(page.champion ?? page.versions[0]?.version ?? 0);
  const [b, setB] = useState(newest ?? 0);
  const query = useApi(
    api.operations.compare,
    { params: { name: page.name }, query: { a, b } },
    { enabled: page.versions.length > 1 },
  );
  if (page.versions.length < 2) return <Empty title={t('compare.empty')} teach={t('compare.empty.teach')} />;
  const choice = (label: string, value: number, onChange: (version: number) => void) => (
    <Select
      value={value}
      onChange={onChange}
      aria-label={label}
      options={page.versions.map(({ version, state }) => ({
        value: version,
        label: `v${version} · ${t(`version.${state}`)}`,
      }))}
    />
  );
  return (
    <>
      <div className="compare-choice">
        {choice(t('compare.first'), a, setA)}
        <span className="quiet">{t('compare.with')}</span>
        {choice(t('compare.second'), b, setB)}
      </div>
      <Loaded query={query} height={280}>
        {found => <Sides found={found} />}
      </Loaded>
    </>
  );
}

function Sides({ found }: { found: Comparison }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { a, b, as_of, horizon_days } = found;
  const seen = [a, b].filter(({ has_seen }) => has_seen).map(({ version }) => `v${version}`);
  return (
    <Section
      title={t('compare.title', { a: a.version, b: b.version })}
      note={t('compare.note', { days: horizon_days, day: format.day(as_of) })}
    >
      {seen.length > 0 && <p className="advice">{t('compare.seen', { versions: seen.join(', ') })}</p>}
      <table className="compare">
        <caption className="unseen">{t('compare.title', { a: a.version, b: b.version })}</caption>
        <thead>
          <tr>
            <th scope="col">{t('card.figure')}</th>
            <th scope="col">v{a.version}</th>
            <th scope="col">v{b.version}</th>
            <th scope="col">{t('compare.difference')}</th>
            <th scope="col">{t('compare.card', { version: a.version })}</th>
            <th scope="col">{t('compare.card', { version: b.version })}</th>
          </tr>
        </thead>
        <tbody>
          {a.now.map((figure, i) => (
            <Line
              key={figure.name}
              figures={[figure, b.now[i]]}
              cards={[a.card, b.card].map(card => card.find(({ name }) => name === figure.name))}
            />
          ))}
        </tbody>
      </table>
    </Section>
  );
}

function Line({
  figures: [a, b],
  cards,
}: {
  figures: readonly [Figure, Figure | undefined];
  cards: readonly (Figure | undefined)[];
}) {
  const say = useWords();
  const write = useFigure();
  const format = useFormat();
  if (b === undefined) return null;
  const difference = (a.model.value ?? NaN) - (b.model.value ?? NaN);
  const leads = a.better === 'higher' ? difference > 0 : difference < 0;
  const cell = (figure: Figure, strong: boolean) =>
    strong ? <b>{write(figure.unit, figure.model)}</b> : write(figure.unit, figure.model);
  return (
    <tr>
      <th scope="row">
        {say(a.words)}
        {a.better === 'lower' && <span className="quiet"> ↓</span>}
      </th>
      <td className="figures">{cell(a, leads && difference !== 0)}</td>
      <td className="figures">{cell(b, !leads && difference !== 0)}</td>
      <td className="figures">
        {Number.isNaN(difference) ? '–' : `${difference > 0 ? '+' : ''}${format.decimal(difference)}`}
      </td>
      {cards.map((card, i) => (
        <td key={i} className="figures quiet">
          {card ? write(card.unit, card.model) : '–'}
        </td>
      ))}
    </tr>
  );
}
