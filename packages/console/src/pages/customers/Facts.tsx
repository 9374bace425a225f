import { api, type Customer, type CustomerFact, type Saying } from '@bellwether/contracts';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../app/api.ts';
import { Section } from '../../parts/Page.tsx';
import { Loaded } from '../../parts/states.tsx';
import { Ago } from '../../parts/time.tsx';
import { useLookup } from '../../parts/useLookup.ts';

/** Every field with who said it and when; what was said otherwise before can be unfolded. */
export function Facts({ customer }: { customer: Customer }) {
  const { t } = useTranslation();
  const query = useApi(api.customers.facts, { params: { id: customer.customer_id } });
  return (
    <Section title={t('customer.who')} note={t('facts.note')}>
      <dl className="facts-told">
        <div>
          <dt>{t('customer.id')}</dt>
          <dd>
            <code>{customer.customer_id}</code>
          </dd>
        </div>
      </dl>
      <Loaded query={query} height={200}>
        {facts =>
          facts.length === 0 ? (
            <p className="note">{t('facts.none')}</p>
          ) : (
            <dl className="facts-told">
              {facts.map(fact => (
                <Fact key={fact.field} fact={fact} />
              ))}
            </dl>
          )
        }
      </Loaded>
    </Section>
  );
}

function Fact({ fact }: { fact: CustomerFact }) {
  const { t } = useTranslation();
  const say = useLookup();
  const [newest, ...earlier] = fact.said;
  const other = earlier.filter(
    (saying, at) => saying.value !== fact.value && saying.value !== earlier[at - 1]?.value,
  );
  return (
    <div>
      <dt>{say('field', fact.field)}</dt>
      <dd>
        {say('said', fact.value, fact.value)}
        {newest && (
          <p className="note">
            <Source saying={newest} />
          </p>
        )}
        {other.length > 0 && (
          <details className="facts-earlier">
            <summary className="note">
              {t('facts.otherwise', { count: other.length, n: String(other.length) })}
            </summary>
            <ul>
              {other.map(saying => (
                <li key={`${saying.at}${saying.value}`}>
                  {saying.value}{' '}
                  <span className="note">
                    <Source saying={saying} />
                  </span>
                </li>
              ))}
            </ul>
          </details>
        )}
      </dd>
    </div>
  );
}

function Source({ saying }: { saying: Saying }) {
  const { t } = useTranslation();
  const { file, source, alias, at } = saying;
  return (
    <>
      {file === '' ? t('facts.event', { source }) : t('facts.file', { file })}
      {alias !== '' && ` ${t('facts.as', { alias })}`} · <Ago at={at} />
    </>
  );
}
