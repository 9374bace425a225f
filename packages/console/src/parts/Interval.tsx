import type { Estimate } from '@bellwether/contracts';
import { useTranslation } from 'react-i18next';

interface IntervalProps {
  estimate: Estimate;
  write: (value: number) => string;
  /** What is drawn in words, for a reader who does not see it. */
  label: string;
  /** The scale; without it, it is made to hold everything and zero. */
  from?: number;
  to?: number;
  /** The simulator's hidden truth, where there is one. */
  truth?: number | null | undefined;
  /** Draw a line at zero: the interval of a difference. */
  zero?: boolean;
}

/** A figure with its 95 % interval drawn: a band, the value on it, zero and the truth where they are known. */
export function Interval({ estimate, write, label, from, to, truth = null, zero = false }: IntervalProps) {
  const { t } = useTranslation();
  const { value, low, high } = estimate;
  if (value === null || low === null || high === null) return <p className="note">{t('interval.unknown')}</p>;
  const scale = scaleOf(
    [low, value, high, ...(zero ? [0] : []), ...(truth === null ? [] : [truth])],
    from,
    to,
  );
  const percent = (x: number) => `${Math.min(100, Math.max(0, scale(x) * 100))}%`;
  const said = t('interval.said', { label, value: write(value), low: write(low), high: write(high) });
  return (
    <div className="interval" role="img" aria-label={said}>
      <div className="interval-track">
        {zero && <i className="interval-zero" style={{ left: percent(0) }} />}
        <i
          className="interval-band"
          style={{ left: percent(low), width: `calc(${percent(high)} - ${percent(low)})` }}
        />
        {truth !== null && <i className="interval-truth" style={{ left: percent(truth) }} />}
        <i className="interval-value" style={{ left: percent(value) }} />
      </div>
      <div className="interval-ends" aria-hidden="true">
        {zero && isFree(scale, [low, high]) && <span style={{ left: percent(0) }}>0</span>}
        <span style={{ left: percent(low) }}>{write(low)}</span>
        <span style={{ left: percent(high) }}>{write(high)}</span>
      </div>
    </div>
  );
}

/** Whether the label of zero would not run into those of the ends. */
const isFree = (scale: (x: number) => number, ends: readonly number[]): boolean =>
  ends.every(end => Math.abs(scale(end) - scale(0)) > 0.12);

function scaleOf(marks: number[], from?: number, to?: number): (x: number) => number {
  const [low, high] = [Math.min(...marks), Math.max(...marks)];
  const margin = (high - low || Math.abs(high) || 1) * 0.12;
  const start = from ?? low - margin;
  const end = to ?? high + margin;
  return x => (x - start) / (end - start || 1);
}
