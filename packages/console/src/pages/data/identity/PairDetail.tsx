import type { DuplicatePair, DuplicatePerson } from '@bellwether/contracts';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../../format/useFormat.ts';
import { Badge } from '../../../parts/Badge.tsx';
import { Rich } from '../../../parts/Rich.tsx';
import { Day } from '../../../parts/time.tsx';
import { Differing } from './Differing.tsx';
import { Evidence } from './Evidence.tsx';
import type { Decide } from './useDecide.ts';

interface PairDetailProps {
  pair: DuplicatePair;
  decide: Decide;
}

/** Two records side by side, what differs marked, what speaks for one person, and the decision. */
export function PairDetail({ pair, decide }: PairDetailProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const [keep, setKeep] = useState(pair.keep);
  const groupNote = pair.bridge ? t('duplicates.bridge') : '';
  return (
    <article className="pair" aria-label={t('duplicates.pair')}>
      <p className="pair-answer">
        <Rich text={t('duplicates.pairAnswer', { p: format.percent(pair.probability, 2) })} />
      </p>
      {groupNote !== '' && <p className="advice">{groupNote}</p>}
      <table className="pair-table">
        <thead>
          <tr>
            <th scope="col" />
            {(['left', 'right'] as const).map(side => (
              <th key={side} scope="col">
                <Side
                  person={pair[side]}
                  isKept={keep === side}
                  onKeep={() => setKeep(side)}
                  isOpen={pair.state === 'open'}
                />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <Facts left={pair.left} right={pair.right} />
        </tbody>
      </table>
      <Evidence pair={pair} />
      <Decision pair={pair} keep={keep} decide={decide} />
    </article>
  );
}

interface SideProps {
  person: DuplicatePerson;
  isKept: boolean;
  isOpen: boolean;
  onKeep: () => void;
}

function Side({ person, isKept, isOpen, onKeep }: SideProps) {
  const { t } = useTranslation();
  return (
    <span className="pair-side">
      <Link to="/customers/$id" params={{ id: person.customer_id }} className="link">
        {person.customer_id}
      </Link>
      {isKept ? (
        <Badge tone="good">{t('duplicates.stays')}</Badge>
      ) : (
        isOpen && (
          <button type="button" className="link" onClick={onKeep}>
            {t('duplicates.keepThis')}
          </button>
        )
      )}
    </span>
  );
}

function Facts({ left, right }: { left: DuplicatePerson; right: DuplicatePerson }) {
  const { t } = useTranslation();
  const format = useFormat();
  const said = [
    ['customers.customer', left.name, right.name],
    ['customers.email', left.email, right.email],
    ['customer.phone', left.phone, right.phone],
    ['field.city', left.city, right.city],
    ['customers.country', left.country, right.country],
    ['field.gender', left.gender, right.gender],
    ['customer.age', String(left.age ?? ''), String(right.age ?? '')],
  ] as const;
  return (
    <>
      {said
        .filter(([, one, other]) => one !== '' || other !== '')
        .map(([name, one, other]) => (
          <tr key={name} className={one === other ? 'is-same' : undefined}>
            <th scope="row">{t(name)}</th>
            <td>
              <Differing text={one} from={other} />
            </td>
            <td>
              <Differing text={other} from={one} />
            </td>
          </tr>
        ))}
      <tr>
        <th scope="row">{t('customers.orders')}</th>
        <td className="figures">{format.count(left.orders)}</td>
        <td className="figures">{format.count(right.orders)}</td>
      </tr>
      <tr>
        <th scope="row">{t('customers.last')}</th>
        <td>
          <Day at={left.last_order_at} />
        </td>
        <td>
          <Day at={right.last_order_at} />
        </td>
      </tr>
    </>
  );
}

function Decision({ pair, keep, decide }: PairDetailProps & { keep: 'left' | 'right' }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (pair.state !== 'open')
    return (
      <div className="actions pair-actions">
        <Badge tone="neutral">
          {t(`duplicateState.${pair.state}`)}
          {pair.decided_at !== null && ` · ${pair.decided_by} · ${format.day(pair.decided_at)}`}
        </Badge>
        <button type="button" className="button" disabled={decide.isBusy} onClick={() => decide.reopen(pair)}>
          {t('duplicates.reopen')}
        </button>
      </div>
    );
  return (
    <div className="actions pair-actions">
      <button
        type="button"
        className="button main-button"
        disabled={decide.isBusy}
        onClick={() => decide.merge(pair, keep)}
      >
        {t('duplicates.merge')} <kbd>m</kbd>
      </button>
      <button type="button" className="button" disabled={decide.isBusy} onClick={() => decide.refuse(pair)}>
        {t('duplicates.refuse')} <kbd>r</kbd>
      </button>
    </div>
  );
}
