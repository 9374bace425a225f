import { api } from '@bellwether/contracts';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../app/api.ts';
import { Section } from '../../parts/Page.tsx';
import { Loaded } from '../../parts/states.tsx';
import { Ago } from '../../parts/time.tsx';
import { useLookup } from '../../parts/useLookup.ts';

/** What we sent, and what became of each message. */
export function Messages({ id }: { id: string }) {
  const { t } = useTranslation();
  const say = useLookup();
  const query = useApi(api.customers.messages, { params: { id } });
  return (
    <Section title={t('customer.messages')}>
      <Loaded query={query} height={80}>
        {messages =>
          messages.length === 0 ? (
            <p className="note">{t('customer.messages.none')}</p>
          ) : (
            <ol className="messages-sent">
              {messages.map(({ message_key, journey, journey_id, channel, at, became }) => (
                <li key={message_key}>
                  <Link to="/journeys/$id" params={{ id: journey_id }} className="link">
                    {journey}
                  </Link>
                  <span className="note">
                    {say('channel', channel)} · <Ago at={at} />
                  </span>
                  <span>
                    {became
                      .toReversed()
                      .map(({ what }) => say('event', what, what))
                      .join(' → ')}
                    {became[0]?.reason ? (
                      <span className="note"> {say('reason', became[0].reason, became[0].reason)}</span>
                    ) : null}
                  </span>
                </li>
              ))}
            </ol>
          )
        }
      </Loaded>
    </Section>
  );
}
