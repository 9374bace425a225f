import type { ReactNode } from 'react';

/** Figures in a row: name, value, what it means. */
export function Figures({ items }: { items: readonly (readonly [string, ReactNode, ReactNode])[] }) {
  return (
    <dl className="figures-row card">
      {items.map(([name, value, note]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd className="figure">{value}</dd>
          {note && <dd className="note">{note}</dd>}
        </div>
      ))}
    </dl>
  );
}
