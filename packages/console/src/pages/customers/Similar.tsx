import { api, type SimilarCustomer } from '@bellwether/contracts';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../app/api.ts';
import { usePreferences } from '../../app/preferences.tsx';
import { reasonWords } from '../../format/reasons.ts';
import { useFormat } from '../../format/useFormat.ts';
import { Section } from '../../parts/Page.tsx';
import { Loaded } from '../../parts/states.tsx';

/** Who behaves most alike, and in what. */
export function Similar({ id, currency }: { id: string; currency: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const query = useApi(api.customers.similar, { params: { id } });
  return (
    <Section title={t('similar.title')} note={t('similar.note')}>
      <Loaded query={query} height={120}>
        {({ rows, scenario, as_of, compared }) =>
          rows.length === 0 ? (
            <p className="note">{t('similar.none')}</p>
          ) : (
            <>
              <ol className="similar">
                {rows.map(row => (
                  <Alike key={row.customer_id} row={row} scenario={scenario} currency={currency} />
                ))}
              </ol>
              <p className="note">
                {t('similar.computed', {
                  n: format.count(compared),
                  day: as_of === null ? '' : format.day(as_of),
                })}
              </p>
            </>
          )
        }
      </Loaded>
    </Section>
  );
}

function Alike({ row, scenario, currency }: { row: SimilarCustomer; scenario: string; currency: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { locale } = usePreferences();
  const { data: page } = useApi(api.scenarios.page, { params: { name: scenario } });
  const features = page?.features ?? [];
  const words = row.alike.map(({ feature, theirs }) =>
    reasonWords({ feature, value: theirs }, features, { locale, format, currency }),
  );
  return (
    <li>
      <p>
        <Link to="/customers/$id" params={{ id: row.customer_id }} className="link">
          {row.name || row.customer_id}
        </Link>{' '}
        <span className="note">
          {t('similar.bought', {
            count: row.orders,
            n: format.count(row.orders),
            revenue: format.money(row.revenue, currency),
          })}
        </span>
      </p>
      <p className="note">{words.join(' · ')}</p>
    </li>
  );
}
