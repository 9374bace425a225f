import { api, type TablePage, type TableVersion } from '@bellwether/contracts';
import { useTranslation } from 'react-i18next';
import { useCall } from '../../app/api.ts';
import { range } from '../../format/sentences.ts';
import { useFormat } from '../../format/useFormat.ts';
import { Badge, type Tone } from '../../parts/Badge.tsx';
import { Computed } from '../../parts/Computed.tsx';
import { DataTable } from '../../parts/DataTable.tsx';
import { Section } from '../../parts/Page.tsx';
import { Ago } from '../../parts/time.tsx';
import { useToaster } from '../../parts/Toaster.tsx';
import { useWords } from '../../parts/useWords.ts';
import { Families } from '../models/Families.tsx';
import { Pictures, Quality } from './Quality.tsx';

interface LearnedProps {
  page: TablePage;
  shown: TableVersion;
  onShow: (version: number) => void;
}

/** One version, whole: how good, by what, with which limits. */
export function Learned({ page, shown, onShow }: LearnedProps) {
  const { card } = shown;
  return (
    <>
      <Quality version={shown} />
      <Pictures version={shown} id={page.id} />
      <div className="table-columns-two">
        <Reasons shown={shown} />
        <Limits shown={shown} />
      </div>
      <Families card={card} />
      <Versions page={page} shown={shown} onShow={onShow} />
    </>
  );
}

/** How the version came to be, at the foot of the page. */
export function HowComputed({ page, shown }: Pick<LearnedProps, 'page' | 'shown'>) {
  const { t } = useTranslation();
  const format = useFormat();
  const { card } = shown;
  return (
    <Computed
      facts={[
        [
          t('computed.version'),
          `${page.file_name} v${shown.version} · ${card.estimator} · ${t('model.seed', { seed: card.seed })}`,
        ],
        [
          t('tables.rows'),
          `${format.count(card.data.customers)} · SHA-256 ${card.data.fingerprint.slice(0, 12)}`,
        ],
        [t('model.trainedOn'), format.count(card.train_rows)],
        [t('computed.asOf'), <Ago key="ago" at={shown.created_at} />],
      ]}
    />
  );
}

const MOST_REASONS = 12;

function Reasons({ shown: { card } }: { shown: TableVersion }) {
  const { t } = useTranslation();
  const format = useFormat();
  const rows = card.features.filter(({ importance }) => importance >= 0.05).slice(0, MOST_REASONS);
  const most = Math.max(1e-9, ...rows.map(({ importance }) => importance));
  return (
    <Section title={t('tables.reasons.title')} note={t('tables.reasons.note')}>
      <ul className="reason-bars">
        {rows.map(({ name, importance }) => (
          <li key={name}>
            <span>{name}</span>
            <i aria-hidden="true">
              <b style={{ width: `${(100 * importance) / most}%` }} />
            </i>
            <span className="figures">
              {t('tables.reasons.points', { n: format.decimal(importance, 1) })}
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Limits({ shown: { card } }: { shown: TableVersion }) {
  const { t } = useTranslation();
  const say = useWords();
  return (
    <Section title={t('tables.limits.title')}>
      <ul className="limits">
        {card.limits.map(limit => (
          <li key={limit.en}>{say(limit)}</li>
        ))}
      </ul>
      {card.left_out.length > 0 && (
        <>
          <h3>{t('tables.leftOut.title')}</h3>
          <ul className="limits">
            {card.left_out.map(({ column, why }) => (
              <li key={column}>
                <b>{column}</b> <span className="quiet">{say(why)}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </Section>
  );
}

const TONES: Record<TableVersion['state'], Tone> = {
  champion: 'good',
  challenger: 'neutral',
  retired: 'neutral',
};

function Versions({ page, shown, onShow }: LearnedProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const say = useWords();
  const figure = (value: number) => format.decimal(value);
  return (
    <DataTable
      name="table-versions"
      rows={page.versions}
      rowKey={row => String(row.version)}
      opened={String(shown.version)}
      onOpen={row => onShow(row.version)}
      toolbar={<h2>{t('versions.title')}</h2>}
      columns={[
        {
          key: 'version',
          title: t('versions.version'),
          value: row => row.version,
          render: row => <b>v{row.version}</b>,
        },
        {
          key: 'state',
          title: t('versions.state'),
          value: row => t(`version.${row.state}`),
          render: row => <Badge tone={TONES[row.state]}>{t(`version.${row.state}`)}</Badge>,
        },
        {
          key: 'auc',
          title: t('tables.auc'),
          numeric: true,
          value: row => row.card.cross.auc.value,
          render: ({ card: { cross } }) => `${figure(cross.auc.value ?? 0)} (${range(cross.auc, figure)})`,
        },
        {
          key: 'why',
          title: t('versions.why'),
          value: row => say(row.why),
          render: row => <span className="clip wide">{say(row.why)}</span>,
        },
        {
          key: 'at',
          title: t('versions.at'),
          value: row => row.created_at,
          render: row => <Ago at={row.created_at} />,
        },
        {
          key: 'do',
          title: t('table.do'),
          value: () => '',
          render: row => (row.state === 'champion' ? null : <Promote row={row} id={page.id} />),
        },
      ]}
    />
  );
}

function Promote({ row, id }: { row: TableVersion; id: string }) {
  const { t } = useTranslation();
  const toaster = useToaster();
  const promote = useCall(api.tables.promote, [api.tables.page, api.tables.list]);
  const use = () =>
    promote.mutate(
      { params: { id, version: row.version } },
      {
        onError: error => toaster.fault(error),
        onSuccess: () => toaster.done(t('versions.promoted', { version: row.version })),
      },
    );
  return (
    <span onClick={event => event.stopPropagation()}>
      <button type="button" className="link" onClick={use}>
        {t('versions.promote')}
      </button>
    </span>
  );
}
