import { useTranslation } from 'react-i18next';
import { useFormat } from '../format/useFormat.ts';
import { Icon } from './Icon.tsx';

interface PagerProps {
  /** Counted from 0. */
  page: number;
  size: number;
  total: number;
  onPage: (page: number) => void;
}

/** Which rows of how many, and the way to the others. */
export function Pager({ page, size, total, onPage }: PagerProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const last = Math.max(0, Math.ceil(total / size) - 1);
  if (last === 0) return null;
  const [from, to] = [page * size + 1, Math.min(total, (page + 1) * size)];
  return (
    <nav className="pager" aria-label={t('pager.label')}>
      <span className="note figures">
        {t('pager.of', { from: format.count(from), to: format.count(to), total: format.count(total) })}
      </span>
      <button
        type="button"
        className="bare"
        disabled={page === 0}
        aria-label={t('pager.before')}
        onClick={() => onPage(page - 1)}
      >
        <Icon name="fold" size={16} />
      </button>
      <button
        type="button"
        className="bare is-next"
        disabled={page >= last}
        aria-label={t('pager.next')}
        onClick={() => onPage(page + 1)}
      >
        <Icon name="fold" size={16} />
      </button>
    </nav>
  );
}
