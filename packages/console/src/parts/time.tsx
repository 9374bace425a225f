import { useTranslation } from 'react-i18next';
import { useFormat } from '../format/useFormat.ts';

/** Relative time; the absolute one on hover and for machines. */
export function Ago({ at }: { at: string | null }) {
  const format = useFormat();
  const { t } = useTranslation();
  if (at === null) return <span className="quiet">{t('state.never')}</span>;
  return (
    <time dateTime={at} title={format.moment(at)}>
      {format.ago(at, Date.now())}
    </time>
  );
}

/** The day; the moment on hover. */
export function Day({ at }: { at: string | null }) {
  const format = useFormat();
  if (at === null) return <span className="quiet">–</span>;
  return (
    <time dateTime={at} title={format.moment(at)}>
      {format.day(at)}
    </time>
  );
}
