import type { JourneyResults } from '@bellwether/contracts';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../format/useFormat.ts';
import { Section } from '../../parts/Page.tsx';
import { useLookup } from '../../parts/useLookup.ts';

const ON_THE_WAY = ['sent', 'delivered', 'opened', 'clicked', 'unsubscribed'] as const;
const ELSE = ['pending', 'dry_run', 'refused', 'failed', 'unknown'] as const;

/** Messages as a narrowing row, those that did not leave, and why not. */
export function MessageStates({ results }: { results: JourneyResults }) {
  const { t } = useTranslation();
  const say = useLookup();
  const format = useFormat();
  const { messages, refusals } = results;
  const most = Math.max(1, messages.sent);
  const others = ELSE.filter(state => messages[state] > 0);
  return (
    <Section title={t('messages.title')}>
      <ol className="funnel">
        {ON_THE_WAY.map(state => (
          <li key={state}>
            <span>{t(`messages.${state}`)}</span>
            <i aria-hidden="true">
              <b style={{ width: `${(messages[state] / most) * 100}%` }} />
            </i>
            <span className="figures">{format.count(messages[state])}</span>
            <span className="figures quiet">
              {messages.sent > 0 ? format.percent(messages[state] / most, 1) : '–'}
            </span>
          </li>
        ))}
      </ol>
      {others.length > 0 && (
        <p className="note figures">
          {others.map(state => `${t(`messages.${state}`)} ${format.count(messages[state])}`).join(' · ')}
        </p>
      )}
      {refusals.length > 0 && (
        <>
          <h3>{t('messages.why')}</h3>
          <ul className="why-not">
            {refusals.map(({ reason, count }) => (
              <li key={reason}>
                <b className="figures">{format.count(count)}</b> {say('notSent', reason)}
              </li>
            ))}
          </ul>
        </>
      )}
    </Section>
  );
}
