import { api } from '@bellwether/contracts';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../app/api.ts';
import { useFormat } from '../../format/useFormat.ts';
import { Section } from '../../parts/Page.tsx';

const SHOWN = 6;

/** What they should see next, once there is a version that recommends; asked for under a surface of its own. */
export function Suggested({ id }: { id: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { data } = useApi(api.recommendation.recommend, {
    query: { customer_id: id, k: SHOWN, surface: 'console' },
  });
  if (data === undefined || data.version === 0 || data.items.length === 0) return null;
  return (
    <Section title={t('suggested.title')}>
      <ol className="suggested">
        {data.items.map(({ product_id, title, price, currency }) => (
          <li key={product_id}>
            <span>{title || product_id}</span>
            {price !== null && <span className="figures quiet">{format.money(price, currency)}</span>}
          </li>
        ))}
      </ol>
    </Section>
  );
}
