import { api, type CatalogueProduct } from '@bellwether/contracts';
import { useDeferredValue, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../app/api.ts';

/** Products by words, with what may be done to each. */
export function ProductSearch({ actions }: { actions: (product: CatalogueProduct) => ReactNode }) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const search = useDeferredValue(text.trim());
  const { data } = useApi(
    api.impressions.products,
    { query: { search, limit: 8 } },
    { enabled: search !== '', keep: true },
  );
  return (
    <div className="rec-find">
      <label className="field">
        <span>{t('rec.find')}</span>
        <input type="search" value={text} onChange={event => setText(event.target.value)} />
      </label>
      {search !== '' && data?.length === 0 && <p className="note">{t('rec.find.none')}</p>}
      {search !== '' && data && (
        <ul className="rec-list">
          {data.map(product => (
            <li key={product.product_id}>
              <span>
                {product.title} <small className="quiet">{product.product_id}</small>
              </span>
              <span className="actions">{actions(product)}</span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
