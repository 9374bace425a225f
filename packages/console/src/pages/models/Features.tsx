import type { ClassifierCard, ScenarioPage } from '@bellwether/contracts';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../format/useFormat.ts';
import { DataTable } from '../../parts/DataTable.tsx';
import { Drift } from '../../parts/Drift.tsx';
import { useWords } from '../../parts/useWords.ts';

type Row = ScenarioPage['features'][number];

/** What it looks at, how much that counts, and whether it still looks as it did. */
export function Features({ page, card }: { page: ScenarioPage; card: ClassifierCard }) {
  const { t } = useTranslation();
  const format = useFormat();
  const say = useWords();
  const weight = (name: string) => card.features.find(feature => feature.name === name);
  const isLinear = card.features.some(feature => feature.weight !== null);
  const most = Math.max(1e-9, ...card.features.map(({ importance }) => importance));
  const rows = [...page.features].sort(
    (a, b) => (weight(b.name)?.importance ?? 0) - (weight(a.name)?.importance ?? 0),
  );
  const weightColumn = {
    key: 'weight',
    title: t('features.weight'),
    numeric: true,
    sortable: true,
    value: (row: Row) => weight(row.name)?.weight ?? null,
    render: (row: Row) => {
      const value = weight(row.name)?.weight ?? null;
      return value === null ? '–' : `${value > 0 ? '↑' : '↓'} ${format.decimal(Math.abs(value), 2)}`;
    },
  };
  return (
    <DataTable
      name={`${page.name}-features`}
      rows={rows}
      rowKey={row => row.name}
      toolbar={<h2>{t('features.title')}</h2>}
      columns={[
        {
          key: 'words',
          title: t('features.what'),
          value: row => withoutValue(say(row.words)),
          render: row => <span title={row.name}>{withoutValue(say(row.words))}</span>,
        },
        {
          key: 'importance',
          title: t('features.importance'),
          sortable: true,
          width: 200,
          value: row => weight(row.name)?.importance ?? 0,
          render: row => (
            <span className="probability">
              <i aria-hidden="true">
                <b style={{ width: `${((weight(row.name)?.importance ?? 0) / most) * 100}%` }} />
              </i>
            </span>
          ),
        },
        ...(isLinear ? [weightColumn] : []),
        {
          key: 'drift',
          title: t('quality.drift'),
          sortable: true,
          value: row => row.drift,
          render: row => <Drift value={row.drift} />,
        },
      ]}
    />
  );
}

/** A feature's words without the place of its value: "bought … times in the last 60 days". */
const withoutValue = (words: string): string => words.replace(/\{(value)?\}/, '…');
