import type { Customer } from '@bellwether/contracts';
import { useTranslation } from 'react-i18next';
import { Section } from '../../parts/Page.tsx';
import { Ago } from '../../parts/time.tsx';
import { UndoMerge } from '../data/identity/Merges.tsx';

/** Every id they are known by, and the merges made by hand, each with undo. */
export function KnownAs({ customer }: { customer: Customer }) {
  const { t } = useTranslation();
  const others = customer.aliases.filter(alias => alias !== customer.customer_id);
  return (
    <Section title={t('customer.aliases')}>
      {others.length === 0 ? (
        <p className="note">{t('knownAs.none')}</p>
      ) : (
        <ul className="known-as">
          {others.map(alias => (
            <li key={alias}>
              <code>{alias}</code>
            </li>
          ))}
        </ul>
      )}
      {customer.merges.length > 0 && (
        <ul className="known-as-merges">
          {customer.merges.map(merge => (
            <li key={merge.id}>
              <span>
                {t('knownAs.merge', { winner: merge.winner, loser: merge.loser })}{' '}
                <span className="note">
                  {merge.by} · <Ago at={merge.at} />
                </span>
              </span>
              <UndoMerge merge={merge} />
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
