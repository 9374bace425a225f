import { COLUMN_KINDS, type ColumnKind, type ColumnOverview, type TablePage } from '@bellwether/contracts';
import { Select, Switch } from 'antd';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../format/useFormat.ts';
import { DataTable } from '../../parts/DataTable.tsx';
import { useWords } from '../../parts/useWords.ts';
import { useChoices, without } from './choices.ts';

/** Every column as it was read: its kind, which a person may correct, and whether it is learned from. */
export function Columns({ page }: { page: TablePage }) {
  const { t } = useTranslation();
  const format = useFormat();
  const say = useWords();
  return (
    <DataTable
      name="table-columns"
      rows={page.overview}
      rowKey={row => row.name}
      toolbar={<h2>{t('tables.columns.title')}</h2>}
      columns={[
        {
          key: 'name',
          title: t('tables.columns.name'),
          sortable: true,
          value: row => row.name,
          render: row => (
            <span className="column-name">
              <b>{row.name}</b>
              {row.notes.map(note => (
                <span className="note block" key={note.en}>
                  {say(note)}
                </span>
              ))}
            </span>
          ),
        },
        {
          key: 'kind',
          title: t('tables.columns.kind'),
          value: row => t(`tables.kind.${row.kind}`),
          render: row => <Kind row={row} page={page} />,
        },
        {
          key: 'use',
          title: t('tables.columns.use'),
          value: row => String(isLearned(page, row)),
          render: row => <Use row={row} page={page} />,
        },
        {
          key: 'spread',
          title: t('tables.columns.spread'),
          value: () => '',
          render: row => <Spread row={row} />,
        },
        {
          key: 'missing',
          title: t('tables.columns.missing'),
          numeric: true,
          sortable: true,
          value: row => row.missing,
          render: row => (row.missing === 0 ? '–' : format.percent(row.missing, 1)),
        },
        {
          key: 'distinct',
          title: t('tables.columns.distinct'),
          numeric: true,
          sortable: true,
          value: row => row.distinct,
          render: row => format.count(row.distinct),
        },
        {
          key: 'examples',
          title: t('tables.columns.examples'),
          value: row => row.examples.join(', '),
          render: row => <span className="clip quiet">{row.examples.slice(0, 3).join(', ')}</span>,
        },
      ]}
    />
  );
}

function isLearned({ left_out, choices }: TablePage, { name }: ColumnOverview): boolean {
  return name !== choices.target && !left_out.some(({ column }) => column === name);
}

function Kind({ row, page }: { row: ColumnOverview; page: TablePage }) {
  const { t } = useTranslation();
  const { change, isBusy } = useChoices(page);
  return (
    <Select<ColumnKind>
      size="small"
      className="column-kind"
      aria-label={t('tables.columns.kindOf', { name: row.name })}
      value={row.kind}
      disabled={isBusy}
      options={COLUMN_KINDS.map(kind => ({ value: kind, label: t(`tables.kind.${kind}`) }))}
      onChange={kind => change({ kinds: { ...page.choices.kinds, [row.name]: kind } })}
    />
  );
}

/** Whether it is learned from; why not, where it is not; and the switch for it. */
function Use({ row, page }: { row: ColumnOverview; page: TablePage }) {
  const { t } = useTranslation();
  const say = useWords();
  const { change, isBusy } = useChoices(page);
  const { choices } = page;
  if (choices.target === undefined) return '–';
  if (row.name === choices.target) return <b>{t('tables.columns.target')}</b>;
  const out = page.left_out.find(({ column }) => column === row.name);
  const isByHand = choices.leave_out.includes(row.name);
  const isLeak = page.leaks.some(({ column, verdict }) => column === row.name && verdict === 'leak');
  const canChange = out === undefined || isByHand || isLeak;
  const toggle = (isOn: boolean) =>
    change({
      leave_out: isOn ? without(choices.leave_out, row.name) : [...choices.leave_out, row.name],
      keep: isOn && isLeak ? [...choices.keep, row.name] : without(choices.keep, row.name),
    });
  return (
    <span className="column-use">
      <Switch
        size="small"
        aria-label={t('tables.columns.learn', { name: row.name })}
        checked={out === undefined}
        disabled={!canChange || isBusy}
        onChange={toggle}
      />
      {out && <span className="note clip">{say(out.why)}</span>}
    </span>
  );
}

/** Bars of the histogram, with their figures for whoever points at them. */
function Spread({ row }: { row: ColumnOverview }) {
  const most = Math.max(1, ...row.histogram.map(({ count }) => count));
  const said = row.histogram.map(({ label, count }) => `${label}: ${count}`).join('; ');
  return (
    <span className="spread" role="img" aria-label={said} title={said}>
      {row.histogram.map(({ label, count }) => (
        <i key={label} style={{ height: `${Math.max(count > 0 ? 6 : 0, (100 * count) / most)}%` }} />
      ))}
    </span>
  );
}
