import { api, type TimelineEntry } from '@bellwether/contracts';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../app/api.ts';
import { useFormat } from '../../format/useFormat.ts';
import type { Format } from '../../format/numbers.ts';
import { Icon, type IconName } from '../../parts/Icon.tsx';
import { Loaded } from '../../parts/states.tsx';
import { Ago } from '../../parts/time.tsx';
import { useLookup } from '../../parts/useLookup.ts';

const STEP = 12;
const ICONS: Record<TimelineEntry['kind'], IconName> = {
  event: 'collect',
  order: 'check',
  return: 'fold',
  message: 'mail',
  score: 'score',
};

/** What they did and what we sent, newest first. */
export function Timeline({ id, currency }: { id: string; currency: string }) {
  const { t } = useTranslation();
  const [limit, setLimit] = useState(STEP);
  const query = useApi(api.customers.timeline, { params: { id }, query: { limit } }, { keep: true });
  return (
    <section aria-label={t('timeline.title')}>
      <h3>{t('timeline.title')}</h3>
      <Loaded query={query} height={240}>
        {({ rows, total }) => (
          <>
            {rows.length === 0 && <p className="note">{t('timeline.none')}</p>}
            <ol className="timeline">
              {rows.map((entry, index) => (
                <Entry key={`${entry.at}${index}`} entry={entry} currency={currency} />
              ))}
            </ol>
            {rows.length < total && limit < 1_000 && (
              <button
                type="button"
                className="button"
                onClick={() => setLimit(Math.min(1_000, limit + 3 * STEP))}
              >
                {t('timeline.more', { n: total - rows.length })}
              </button>
            )}
          </>
        )}
      </Loaded>
    </section>
  );
}

function Entry({ entry, currency }: { entry: TimelineEntry; currency: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const name = useLookup()('event', entry.name, entry.name);
  return (
    <li className={`entry-${entry.kind}`}>
      <span className="entry-dot">
        <Icon name={ICONS[entry.kind]} size={14} />
      </span>
      <div>
        <p>
          {entry.kind === 'event' ? name : t(`timeline.${entry.kind}`)}
          {entry.kind !== 'event' && entry.kind !== 'score' && entry.name !== '' && (
            <span className="quiet"> {name}</span>
          )}
        </p>
        <p className="note">{detailWords(entry.detail, currency, format)}</p>
      </div>
      <Ago at={entry.at} />
    </li>
  );
}

const MONEY = new Set(['revenue', 'total', 'amount', 'value', 'price']);
/** For machines: numbers of things, and where in a journey. */
const SILENT = /(_id|^id|^node|^channel|^currency|^sku)$/;
const SHOWN = 4;

/** The few details that say most. */
function detailWords(detail: Record<string, unknown>, currency: string, format: Format): string {
  return Object.entries(detail)
    .filter(([name]) => !SILENT.test(name))
    .map(([name, value]) => detailWord(name, value, currency, format))
    .filter(word => word !== '')
    .slice(0, SHOWN)
    .join(' · ');
}

function detailWord(name: string, value: unknown, currency: string, format: Format): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value))
    return value
      .filter(item => typeof item === 'string')
      .slice(0, 3)
      .join(', ');
  if (typeof value !== 'number') return '';
  if (MONEY.has(name)) return format.money(value, currency);
  return name === 'probability'
    ? format.percent(value)
    : `${name.replaceAll('_', ' ')} ${format.count(value)}`;
}
