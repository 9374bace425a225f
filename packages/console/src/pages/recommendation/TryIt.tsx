import { api, type Recommendations, type RecommendationSettings } from '@bellwether/contracts';
import { useDeferredValue, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../app/api.ts';
import { useFormat } from '../../format/useFormat.ts';
import { Section } from '../../parts/Page.tsx';
import { Fault, Skeleton } from '../../parts/states.tsx';

/** Somebody, and what they would be shown, beside what everybody would. */
export function TryIt({ settings }: { settings: RecommendationSettings }) {
  const { t } = useTranslation();
  const [asked, setAsked] = useState({ customer_id: '', product_id: '', basket: '' });
  const given = Object.fromEntries(Object.entries(asked).filter(([, text]) => text.trim() !== ''));
  const body = useDeferredValue({ ...given, k: 6, settings });
  const { data, error, refetch } = useApi(api.impressions.preview, { body }, { keep: true });
  const field = (name: keyof typeof asked, label: string, hint: string) => (
    <label className="field">
      <span>{label}</span>
      <input
        value={asked[name]}
        placeholder={hint}
        onChange={event => setAsked({ ...asked, [name]: event.target.value })}
      />
    </label>
  );
  return (
    <Section title={t('rec.try')} note={t('rec.try.note')}>
      <div className="rec-asked">
        {field('customer_id', t('rec.try.customer'), t('rec.try.customer.hint'))}
        {field('product_id', t('rec.try.product'), '')}
        {field('basket', t('rec.try.basket'), t('rec.try.basket.hint'))}
      </div>
      {error ? (
        <Fault error={error} retry={() => void refetch()} />
      ) : data === undefined ? (
        <Skeleton height={240} />
      ) : (
        <div className="rec-columns">
          <List title={t('rec.shown')} note={t(`rec.kind.${data.shown.kind}`)} list={data.shown} why />
          <List title={t('rec.popular')} list={data.popular} />
        </div>
      )}
    </Section>
  );
}

interface ListProps {
  title: string;
  note?: string;
  list: Recommendations;
  why?: boolean;
}

function List({ title, note, list, why = false }: ListProps) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <div>
      <h3>
        {title} {note && <span className="quiet">{note}</span>}
      </h3>
      {list.items.length === 0 && <p className="note">{t('rec.nothing')}</p>}
      <ol className="rec-list">
        {list.items.map(item => (
          <li key={item.product_id}>
            <span>
              {item.title} <small className="quiet">{item.product_id}</small>
              {why && <span className="note">{t(`rec.why.${item.source}`)}</span>}
            </span>
            <span className="figures">
              {item.price === null ? '–' : format.money(item.price, item.currency, 2)}
            </span>
          </li>
        ))}
      </ol>
    </div>
  );
}
