import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Icon } from '../../parts/Icon.tsx';
import { PLACES } from './places.ts';

interface RailProps {
  isNarrow: boolean;
  onFold: () => void;
  onGo: () => void;
}

export function Rail({ isNarrow, onFold, onGo }: RailProps) {
  const { t } = useTranslation();
  return (
    <aside className="rail">
      <Link to="/" className="brand" onClick={onGo} aria-label="Bellwether">
        <Mark />
        <span>Bellwether</span>
      </Link>
      <nav aria-label={t('nav.label')}>
        {PLACES.map(({ to, word, icon }) => (
          <Link
            key={to}
            to={to}
            className="place"
            activeOptions={{ exact: to === '/', includeSearch: false }}
            onClick={onGo}
            {...(isNarrow ? { title: t(word) } : {})}
          >
            <Icon name={icon} />
            <span>{t(word)}</span>
          </Link>
        ))}
      </nav>
      <button type="button" className="fold bare" onClick={onFold} aria-expanded={!isNarrow}>
        <Icon name="fold" />
        <span>{isNarrow ? t('nav.unfold') : t('nav.fold')}</span>
      </button>
    </aside>
  );
}

/** A dial whose hand points up and to the right: what is coming. */
export function Mark({ size = 26 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="7" className="mark-ground" />
      <path d="M7 20.500a9 9 0 0 1 18 0M16 20.500 21 12" className="mark-line" />
      <circle cx="16" cy="20.500" r="2.400" className="mark-hub" />
    </svg>
  );
}
