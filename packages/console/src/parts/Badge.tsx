import type { ReactNode } from 'react';

export type Tone = 'good' | 'warn' | 'bad' | 'neutral' | 'running';

/** A state in words with a mark whose shape, not only its colour, tells it. */
export function Badge({ tone, children }: { tone: Tone; children: ReactNode }) {
  return (
    <span className={`badge badge-${tone}`}>
      <svg width="10" height="10" viewBox="0 0 10 10" aria-hidden="true">
        {MARKS[tone]}
      </svg>
      {children}
    </span>
  );
}

const MARKS: Record<Tone, ReactNode> = {
  good: <path d="M1.500 5.300 4 7.800 8.500 2.500" />,
  warn: <path d="M5 1.500v4M5 8.300h.01" />,
  bad: <path d="M2 2l6 6M8 2 2 8" />,
  neutral: <circle cx="5" cy="5" r="3" />,
  running: <path d="M2.500 1.500 8 5 2.500 8.500z" />,
};
