import type { DuplicatePair } from '@bellwether/contracts';
import { useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../../format/useFormat.ts';
import { Pager } from '../../../parts/Pager.tsx';
import { Rich } from '../../../parts/Rich.tsx';
import { Filters } from './Filters.tsx';
import { SIZE, type Filter, type QueuePage } from './filter.ts';
import { PairDetail } from './PairDetail.tsx';
import { useDecide, type Decide } from './useDecide.ts';

interface QueueProps {
  found: QueuePage;
  filter: Filter;
  onFilter: (next: Filter) => void;
}

const keyOf = ({ left, right }: DuplicatePair): string => `${left.customer_id}|${right.customer_id}`;

/** The list to the left, the pair that is looked at to the right; j and k go on, m merges, r refuses, u takes back. */
export function Queue({ found, filter, onFilter }: QueueProps) {
  const { t } = useTranslation();
  const [at, setAt] = useState(0);
  const { rows, total } = found;
  const decide = useDecide();
  const index = Math.min(at, rows.length - 1);
  const pair = rows[index];
  const onKey = (event: KeyboardEvent) => {
    if (event.target instanceof HTMLInputElement || event.ctrlKey || event.metaKey || event.altKey) return;
    const step = stepOf(event.key);
    if (step !== 0) {
      setAt(Math.max(0, Math.min(rows.length - 1, index + step)));
      event.preventDefault();
    } else act(event.key, pair, decide);
  };
  return (
    <div className="duplicates" onKeyDown={onKey}>
      <Filters found={found} filter={filter} onFilter={onFilter} decide={decide} />
      {pair === undefined ? (
        <p className="note">{t('duplicates.noneFits')}</p>
      ) : (
        <div className="duplicate-columns">
          <div>
            <PairList rows={rows} chosen={keyOf(pair)} onChoose={setAt} />
            <Pager
              page={filter.page}
              size={SIZE}
              total={total}
              onPage={page => onFilter({ ...filter, page })}
            />
            <p className="note keys">
              <Rich text={t('duplicates.keys')} />
            </p>
          </div>
          <PairDetail key={keyOf(pair)} pair={pair} decide={decide} />
        </div>
      )}
    </div>
  );
}

function stepOf(key: string): number {
  if (key === 'j' || key === 'ArrowDown') return 1;
  return key === 'k' || key === 'ArrowUp' ? -1 : 0;
}

function act(key: string, pair: DuplicatePair | undefined, decide: Decide): void {
  if (key === 'u') decide.undo();
  if (pair === undefined || pair.state !== 'open') return;
  if (key === 'm') decide.merge(pair, pair.keep);
  if (key === 'r') decide.refuse(pair);
}

interface PairListProps {
  rows: readonly DuplicatePair[];
  chosen: string;
  onChoose: (index: number) => void;
}

function PairList({ rows, chosen, onChoose }: PairListProps) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <ol className="pair-list" aria-label={t('duplicates.list')}>
      {rows.map((pair, index) => (
        <li key={keyOf(pair)}>
          <button
            type="button"
            aria-current={keyOf(pair) === chosen ? 'true' : undefined}
            onClick={() => onChoose(index)}
            onFocus={() => onChoose(index)}
          >
            <span className="pair-names">
              <b>{pair.left.name || pair.left.customer_id}</b>
              <span className="quiet">{pair.right.name || pair.right.customer_id}</span>
            </span>
            <span className="figures">{format.percent(pair.probability, 2)}</span>
            {pair.group_size > 2 && (
              <span className="note">{t('duplicates.groupOf', { n: format.count(pair.group_size) })}</span>
            )}
          </button>
        </li>
      ))}
    </ol>
  );
}
