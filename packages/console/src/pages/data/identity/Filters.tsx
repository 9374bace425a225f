import { DUPLICATE_STATES } from '@bellwether/contracts';
import { Popconfirm } from 'antd';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../../format/useFormat.ts';
import { useWords } from '../../../parts/useWords.ts';
import type { Filter, QueuePage } from './filter.ts';
import type { Decide } from './useDecide.ts';

const LEAST = [0, 0.9, 0.99, 0.999];
/** From here on many may be merged by one click. */
const BULK = 0.99;

interface FiltersProps {
  found: QueuePage;
  filter: Filter;
  onFilter: (next: Filter) => void;
  decide: Decide;
}

/** Which pairs: waiting or decided, how sure, by what they agree; and all the surest at once. */
export function Filters({ found, filter, onFilter, decide }: FiltersProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const say = useWords();
  const change = (next: Partial<Filter>) => onFilter({ ...filter, ...next, page: 0 });
  return (
    <div className="toolbar duplicate-filters">
      <div className="choice" role="group" aria-label={t('duplicates.state')}>
        {DUPLICATE_STATES.map(state => (
          <button
            key={state}
            type="button"
            className="button"
            aria-pressed={filter.state === state}
            onClick={() => change({ state })}
          >
            {t(`duplicateState.${state}`)} <span className="quiet">{format.count(found.counts[state])}</span>
          </button>
        ))}
      </div>
      <select
        className="input"
        aria-label={t('duplicates.least')}
        value={filter.least}
        onChange={event => change({ least: Number(event.target.value) })}
      >
        {LEAST.map(least => (
          <option key={least} value={least}>
            {least === 0 ? t('duplicates.anySure') : t('duplicates.atLeast', { p: format.percent(least, 1) })}
          </option>
        ))}
      </select>
      <select
        className="input"
        aria-label={t('duplicates.by')}
        value={filter.field}
        onChange={event => change({ field: event.target.value })}
      >
        <option value="">{t('duplicates.byAny')}</option>
        {(found.run?.fields ?? []).map(({ field, words }) => (
          <option key={field} value={field}>
            {t('duplicates.agreeBy', { field: say(words) })}
          </option>
        ))}
      </select>
      <input
        type="search"
        className="input"
        aria-label={t('duplicates.search')}
        placeholder={t('duplicates.search')}
        value={filter.search}
        onChange={event => change({ search: event.target.value })}
      />
      {filter.state === 'open' && found.counts.open > 0 && (
        <Popconfirm
          title={t('duplicates.bulk.ask', { p: format.percent(BULK, 0) })}
          description={t('duplicates.bulk.note')}
          okText={t('duplicates.merge')}
          cancelText={t('action.cancel')}
          onConfirm={() => decide.mergeAll(BULK)}
        >
          <button type="button" className="button" disabled={decide.isBusy}>
            {t('duplicates.bulk', { p: format.percent(BULK, 0) })}
          </button>
        </Popconfirm>
      )}
    </div>
  );
}
