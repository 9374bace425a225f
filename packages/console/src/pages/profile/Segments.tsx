import { api, type ProfileOverview, type Segment } from '@bellwether/contracts';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall } from '../../app/api.ts';
import { Chart } from '../../charts/Chart.tsx';
import { movesOf, segmentShares } from '../../charts/profile.ts';
import { useFormat } from '../../format/useFormat.ts';
import { ButtonLink } from '../../parts/ButtonLink.tsx';
import { DataTable, type Column } from '../../parts/DataTable.tsx';
import { Rich } from '../../parts/Rich.tsx';
import { Empty } from '../../parts/states.tsx';
import { useToaster } from '../../parts/Toaster.tsx';
import { useWords } from '../../parts/useWords.ts';

/** From here on a segment is found again when other customers are drawn (Hennig 2007). */
const FIRM = 0.75;

export function Segments({ overview, version }: { overview: ProfileOverview | null; version: number }) {
  const { t } = useTranslation();
  const say = useWords();
  const [opened, setOpened] = useState<string>();
  if (overview === null) return <Empty title={t('profile.empty.title')} teach={t('profile.empty.teach')} />;
  const shown = overview.segments.find(({ key }) => key === opened) ?? overview.segments[0];
  return (
    <>
      <Answer overview={overview} />
      {overview.version !== version && (
        <p className="note">{t('profile.otherVersion', { version: overview.version })}</p>
      )}
      <div className="profile-columns">
        <div className="card">
          <Chart
            name="segments"
            title={t('profile.shares')}
            note={t('profile.shares.note')}
            height={64 + 48 * overview.segments.length}
            draw={kit => segmentShares(overview, kit, segment => say(segment.name))}
          />
        </div>
        {shown && <Portrait segment={shown} currency={overview.currency} />}
      </div>
      <SegmentTable overview={overview} opened={shown?.key} onOpen={setOpened} />
      <Moves overview={overview} />
      <TagList overview={overview} />
    </>
  );
}

function Answer({ overview }: { overview: ProfileOverview }) {
  const { t } = useTranslation();
  const format = useFormat();
  const say = useWords();
  const [largest] = overview.segments;
  const richest = overview.segments.reduce((best, each) =>
    each.revenue_share > best.revenue_share ? each : best,
  );
  if (largest === undefined) return null;
  const text = t('profile.answer', {
    n: format.count(overview.customers),
    k: overview.segments.length,
    largest: say(largest.name),
    share: format.percent(largest.share),
    richest: say(richest.name),
    richShare: format.percent(richest.share),
    revenue: format.percent(richest.revenue_share),
  });
  return (
    <p className="profile-answer">
      <Rich text={text} />
    </p>
  );
}

/** What sets one segment apart: bars to the left and right of the average customer. */
function Portrait({ segment, currency }: { segment: Segment; currency: string }) {
  const { t } = useTranslation();
  const say = useWords();
  const told = useValue(currency);
  const differences = segment.differences.slice(0, 7);
  const reach = Math.max(1, ...differences.map(each => Math.abs(each.difference)));
  return (
    <section className="card portrait" aria-label={say(segment.name)}>
      <header>
        <h3>{say(segment.name)}</h3>
        <Rename segment={segment} />
      </header>
      <p className="note">{t('profile.portrait.note')}</p>
      <ol>
        {differences.map(({ feature, words, unit, inside, outside, difference }) => (
          <li key={feature}>
            <span>{say(words).replace('{value}', told(inside, unit))}</span>
            <span className="portrait-bar" aria-hidden="true">
              <i
                className={difference < 0 ? 'less' : 'more'}
                style={{ width: `${(50 * Math.abs(difference)) / reach}%` }}
              />
            </span>
            <span className="note figures">{t('profile.others', { value: told(outside, unit) })}</span>
          </li>
        ))}
      </ol>
      <div className="actions">
        <ButtonLink to="/customers" search={{ segment: segment.key }}>
          {t('profile.see')}
        </ButtonLink>
        <ButtonLink
          to="/models/$name"
          params={{ name: 'customer-profile' }}
          search={{ tab: 'lookalikes', seed: `segment:${segment.key}` }}
        >
          {t('profile.alike')}
        </ButtonLink>
      </div>
    </section>
  );
}

/** A number of a feature, in its unit. */
function useValue(currency: string): (value: number, unit: string) => string {
  const format = useFormat();
  return (value, unit) => {
    if (unit === 'share') return format.percent(value);
    if (unit === 'currency') return format.money(value, currency);
    return format.decimal(value, Math.abs(value) < 20 && unit !== 'days' ? 1 : 0);
  };
}

function Rename({ segment }: { segment: Segment }) {
  const { t } = useTranslation();
  const say = useWords();
  const toaster = useToaster();
  const rename = useCall(api.profile.rename, [api.profile.overview]);
  const [text, setText] = useState<string>();
  if (text === undefined)
    return (
      <button type="button" className="button" onClick={() => setText(say(segment.name))}>
        {t('profile.rename')}
      </button>
    );
  const save = (name: string) =>
    rename.mutate(
      { params: { id: segment.key }, body: { en: name, 'zh-CN': name } },
      { onError: error => toaster.fault(error), onSuccess: () => setText(undefined) },
    );
  return (
    <form
      className="rename"
      onSubmit={event => {
        event.preventDefault();
        save(text);
      }}
    >
      <input
        className="input"
        value={text}
        maxLength={80}
        aria-label={t('profile.name')}
        onChange={event => setText(event.target.value)}
      />
      <button type="submit" className="button main-button" disabled={rename.isPending || text.trim() === ''}>
        {t('profile.save')}
      </button>
      {segment.renamed && (
        <button type="button" className="button" onClick={() => save('')}>
          {t('profile.modelName')}
        </button>
      )}
    </form>
  );
}

interface SegmentTableProps {
  overview: ProfileOverview;
  opened: string | undefined;
  onOpen: (key: string) => void;
}

function SegmentTable({ overview, opened, onOpen }: SegmentTableProps) {
  const { t } = useTranslation();
  const columns = useSegmentColumns(overview.currency);
  return (
    <DataTable<Segment>
      name="segments"
      rows={overview.segments}
      rowKey={row => row.key}
      columns={columns}
      opened={opened}
      onOpen={row => onOpen(row.key)}
      empty={t('profile.empty.title')}
    />
  );
}

function useSegmentColumns(currency: string): Column<Segment>[] {
  const { t } = useTranslation();
  const format = useFormat();
  const say = useWords();
  const number = (
    key: string,
    title: string,
    value: (row: Segment) => number,
    write: (value: number) => string,
  ) => ({
    ...{ key, title, value, numeric: true },
    render: (row: Segment) => write(value(row)),
  });
  return [
    {
      key: 'name',
      title: t('profile.segment'),
      value: row => say(row.name),
      render: row => (
        <>
          <b>{say(row.name)}</b>
          <span className="note segment-told">{row.sentences.slice(0, 2).map(say).join(' · ')}</span>
        </>
      ),
    },
    number('customers', t('profile.customers'), row => row.customers, format.count),
    number(
      'share',
      t('profile.share'),
      row => row.share,
      share => format.percent(share),
    ),
    number(
      'revenue',
      t('profile.revenueShare'),
      row => row.revenue_share,
      share => format.percent(share),
    ),
    number(
      'orders',
      t('profile.orders'),
      row => row.orders,
      value => format.decimal(value, 1),
    ),
    number(
      'recency',
      t('profile.recency'),
      row => row.recency_days,
      value => format.decimal(value, 0),
    ),
    number(
      'next',
      t('profile.next'),
      row => row.next_spend.value ?? 0,
      value => format.money(value, currency),
    ),
    {
      ...{ key: 'stability', title: t('profile.stability'), numeric: true },
      value: row => row.stability.value,
      render: row => (
        <span title={t((row.stability.value ?? 0) >= FIRM ? 'profile.firm' : 'profile.loose')}>
          {format.decimal(row.stability.value ?? 0, 2)} {(row.stability.value ?? 0) >= FIRM ? '●' : '○'}
        </span>
      ),
    },
  ];
}

function Moves({ overview }: { overview: ProfileOverview }) {
  const { t } = useTranslation();
  const format = useFormat();
  const say = useWords();
  const { changes, segments } = overview;
  if (changes === null) return null;
  const nameOf = (key: string): string => {
    const found = segments.find(segment => segment.key === key);
    return found ? say(found.name) : key;
  };
  const moves = movesOf(changes.flows, 5);
  if (moves.length === 0) return null;
  return (
    <section className="card section" aria-label={t('profile.moves')}>
      <h3>{t('profile.moves')}</h3>
      <ul className="moves">
        {moves.map(({ from, to, customers }) => (
          <li key={`${from} ${to}`}>
            <b className="figures">{format.count(customers)}</b> {nameOf(from)} → {nameOf(to)}
          </li>
        ))}
      </ul>
    </section>
  );
}

function TagList({ overview }: { overview: ProfileOverview }) {
  const { t } = useTranslation();
  const format = useFormat();
  const say = useWords();
  const carried = overview.tags.filter(tag => tag.customers > 0);
  if (carried.length === 0) return null;
  return (
    <section className="card section" aria-label={t('profile.tags')}>
      <h3>{t('profile.tags')}</h3>
      <ul className="profile-tags">
        {carried.map(tag => (
          <li key={tag.name}>
            <b>{say(tag.words)}</b> <span className="figures">{format.count(tag.customers)}</span>
            <span className="note">{say(tag.rule)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
