import type { UseQueryResult } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { faultOf } from '../app/api.ts';
import { Icon } from './Icon.tsx';
import { useLookup } from './useLookup.ts';

/** Grey lines in the place of what is coming, as high as it will be: nothing jumps. */
export function Skeleton({ height = 120, lines }: { height?: number; lines?: number }) {
  const { t } = useTranslation();
  return (
    <div className="skeleton" role="status" aria-label={t('state.loading')} style={{ minHeight: height }}>
      {Array.from({ length: lines ?? Math.max(1, Math.floor(height / 40)) }, (_, line) => (
        <i key={line} style={{ width: `${92 - ((line * 23) % 47)}%` }} />
      ))}
    </div>
  );
}

/** What happened, what was kept, what to do next; the code can be copied for whoever helps. */
export function Fault({ error, retry }: { error: unknown; retry?: () => void }) {
  const { t } = useTranslation();
  const say = useLookup();
  const [copied, setCopied] = useState(false);
  const { code, sentence } = faultOf(error);
  const copy = () => void navigator.clipboard.writeText(`${code}: ${sentence}`).then(() => setCopied(true));
  return (
    <div className="fault" role="alert">
      <Icon name="alert" />
      <div>
        <p className="fault-what">{sentence}</p>
        <p className="note">{say('fault', code, t('fault.kept'))}</p>
        <div className="actions">
          {retry && (
            <button type="button" className="button" onClick={retry}>
              {t('action.retry')}
            </button>
          )}
          <button type="button" className="button" onClick={copy}>
            <Icon name="copy" size={14} /> {copied ? t('action.copied') : code}
          </button>
        </div>
      </div>
    </div>
  );
}

interface EmptyProps {
  title: string;
  /** What this will show and what it needs. */
  teach: ReactNode;
  /** The one button that gets it. */
  action?: ReactNode;
}

export function Empty({ title, teach, action }: EmptyProps) {
  return (
    <div className="empty">
      <svg width="72" height="40" viewBox="0 0 72 40" aria-hidden="true">
        <path d="M2 34h68" className="empty-line" />
        <path d="M6 34c10 0 12-20 24-20s14 12 22 12 8-16 14-18" className="empty-curve" />
        <circle cx="66" cy="8" r="3" className="empty-dot" />
      </svg>
      <h3>{title}</h3>
      <p className="note">{teach}</p>
      {action}
    </div>
  );
}

interface LoadedProps<T> {
  query: UseQueryResult<T>;
  height?: number;
  children: (value: T) => ReactNode;
}

/** Skeleton, fault or content, as the query stands. */
export function Loaded<T>({ query, height = 160, children }: LoadedProps<T>) {
  if (query.data !== undefined) return children(query.data);
  if (query.error) return <Fault error={query.error} retry={() => void query.refetch()} />;
  return <Skeleton height={height} />;
}
