import { useTranslation } from 'react-i18next';
import { useFormat } from '../format/useFormat.ts';
import { Badge, type Tone } from './Badge.tsx';

/** Population stability index: below 0.1 it stands still, above 0.25 it has moved (the usual rule of thumb). */
export function Drift({ value }: { value: number | null }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (value === null) return <span className="quiet">–</span>;
  const [tone, word]: [Tone, 'still' | 'moving' | 'moved'] =
    value < 0.1 ? ['good', 'still'] : value <= 0.25 ? ['neutral', 'moving'] : ['warn', 'moved'];
  return (
    <Badge tone={tone}>
      {t(`drift.${word}`)} <span className="quiet figures">{format.decimal(value, 2)}</span>
    </Badge>
  );
}
