interface VersusProps {
  lines: readonly { name: string; value: number; words: string; isReference?: boolean }[];
  from?: number;
  to: number;
}

/** Two or three bars under each other, the reference hatched: told apart without colour. */
export function Versus({ lines, from = 0, to }: VersusProps) {
  return (
    <div className="versus">
      {lines.map(({ name, value, words, isReference = false }) => (
        <div key={name} className={isReference ? 'versus-line is-reference' : 'versus-line'}>
          <span>{name}</span>
          <i aria-hidden="true">
            <b
              style={{ width: `${Math.min(100, Math.max(1, ((value - from) / (to - from || 1)) * 100))}%` }}
            />
          </i>
          <span className="figures">{words}</span>
        </div>
      ))}
    </div>
  );
}
