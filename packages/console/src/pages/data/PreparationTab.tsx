import { api, type PreparationReport } from '@bellwether/contracts';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../app/api.ts';
import { useFormat } from '../../format/useFormat.ts';
import { ButtonLink } from '../../parts/ButtonLink.tsx';
import { DataTable } from '../../parts/DataTable.tsx';
import { Figures } from '../../parts/Figures.tsx';
import { Section } from '../../parts/Page.tsx';
import { Empty, Loaded } from '../../parts/states.tsx';
import { Ago } from '../../parts/time.tsx';
import { useWords } from '../../parts/useWords.ts';

/** Lines in, dropped by reason, lines out: nothing disappears without being counted. */
export function PreparationTab() {
  const { t } = useTranslation();
  const query = useApi(api.data.preparation, {});
  return (
    <Loaded query={query} height={320}>
      {report =>
        report === null ? (
          <Empty
            title={t('preparation.empty.title')}
            teach={t('preparation.empty.teach')}
            action={
              <ButtonLink main to="/data" search={{ tab: 'imports' }}>
                {t('arrivals.empty.do')}
              </ButtonLink>
            }
          />
        ) : (
          <Prepared report={report} />
        )
      }
    </Loaded>
  );
}

function Prepared({ report }: { report: PreparationReport }) {
  const { t } = useTranslation();
  const format = useFormat();
  const say = useWords();
  const period = [report.first_at, report.last_at]
    .map(at => (at === null ? '–' : format.day(at)))
    .join(' – ');
  return (
    <>
      <Figures
        items={[
          [t('preparation.orders'), format.brief(report.orders_out), ''],
          [t('word.customers'), format.brief(report.customers_out), ''],
          [t('today.revenue'), format.briefMoney(report.revenue_out, report.currency), ''],
          [
            t('computed.period'),
            <span key="period" className="figure-small">
              {period}
            </span>,
            <Ago key="ago" at={report.at} />,
          ],
        ]}
      />
      <Section title={t('preparation.waterfall')} note={t('preparation.waterfall.note')}>
        <Waterfall report={report} />
      </Section>
      <DataTable
        name="preparation"
        rows={report.steps}
        rowKey={row => row.step}
        toolbar={<h2>{t('preparation.steps')}</h2>}
        columns={[
          { key: 'step', title: t('preparation.step'), value: row => say(row.words) },
          {
            key: 'dropped',
            title: t('preparation.dropped'),
            numeric: true,
            sortable: true,
            value: row => row.dropped,
            render: row => format.count(row.dropped),
          },
          {
            key: 'kept',
            title: t('preparation.kept'),
            numeric: true,
            sortable: true,
            value: row => row.kept,
            render: row => format.count(row.kept),
          },
        ]}
      />
    </>
  );
}

/** Bars that step down from lines in to lines out. */
function Waterfall({ report }: { report: PreparationReport }) {
  const { t } = useTranslation();
  const say = useWords();
  const drops = report.steps.filter(({ dropped }) => dropped > 0);
  const before = drops.map(
    (_, index) => report.lines_in - drops.slice(0, index).reduce((sum, { dropped }) => sum + dropped, 0),
  );
  return (
    <ol className="waterfall">
      <Bar name={t('preparation.in')} value={report.lines_in} from={0} total={report.lines_in} kind="whole" />
      {drops.map(({ step, words, dropped }, index) => (
        <Bar
          key={step}
          name={say(words)}
          value={-dropped}
          from={(before[index] ?? 0) - dropped}
          total={report.lines_in}
          kind="drop"
        />
      ))}
      <Bar
        name={t('preparation.out')}
        value={report.lines_out}
        from={0}
        total={report.lines_in}
        kind="whole"
      />
    </ol>
  );
}

interface BarProps {
  name: string;
  value: number;
  from: number;
  total: number;
  kind: 'whole' | 'drop';
}

function Bar({ name, value, from, total, kind }: BarProps) {
  const format = useFormat();
  const percent = (lines: number) => `${(Math.max(0, lines) / Math.max(1, total)) * 100}%`;
  return (
    <li className={`bar-${kind}`}>
      <span>{name}</span>
      <i aria-hidden="true">
        <b style={{ left: percent(from), width: percent(Math.abs(value)) }} />
      </i>
      <span className="figures">{value < 0 ? `−${format.count(-value)}` : format.count(value)}</span>
      <span className="figures quiet">{format.percent(Math.abs(value) / Math.max(1, total), 1)}</span>
    </li>
  );
}
