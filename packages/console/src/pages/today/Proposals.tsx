import type { Overview } from '@bellwether/contracts';
import { useTranslation } from 'react-i18next';
import { range } from '../../format/sentences.ts';
import { useFormat } from '../../format/useFormat.ts';
import { ButtonLink } from '../../parts/ButtonLink.tsx';
import { Section } from '../../parts/Page.tsx';
import { useWords } from '../../parts/useWords.ts';

type Proposal = Overview['proposals'][number];

/** What to do next: the expected range, the cost, why, and one action. A person decides. */
export function Proposals({ overview }: { overview: Overview }) {
  const { t } = useTranslation();
  const { proposals, currency } = overview;
  return (
    <Section title={t('proposals.title')} note={t('proposals.note')}>
      {proposals.length === 0 && <p className="note">{t('proposals.none')}</p>}
      <ol className="proposals">
        {proposals.map(proposal => (
          <ProposalLine key={proposal.id} proposal={proposal} currency={currency} />
        ))}
      </ol>
    </Section>
  );
}

function ProposalLine({ proposal, currency }: { proposal: Proposal; currency: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const say = useWords();
  const { expected, cost } = proposal;
  const money = (value: number) => format.briefMoney(value, currency);
  return (
    <li>
      <div>
        <h3>{say(proposal.title)}</h3>
        <p className="note">{say(proposal.why)}</p>
        {(expected !== null || cost !== null) && (
          <dl className="terms">
            <div>
              <dt>{t('proposals.expected')}</dt>
              <dd>
                {expected === null || expected.value === null
                  ? t('proposals.unknown')
                  : `${money(expected.value)} (${range(expected, money)})`}
              </dd>
            </div>
            <div>
              <dt>{t('proposals.cost')}</dt>
              <dd>{cost === null ? t('proposals.unknown') : money(cost)}</dd>
            </div>
          </dl>
        )}
      </div>
      <ButtonLink to={proposal.href}>{t('proposals.do')}</ButtonLink>
    </li>
  );
}
