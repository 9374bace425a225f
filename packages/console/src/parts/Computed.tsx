import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

interface ComputedProps {
  /** Name and value: data, period, n, version, freshness. */
  facts: readonly (readonly [string, ReactNode])[];
  /** Where the model behind the figures can be read. */
  scenario?: string | undefined;
}

/** "How this was computed", at the foot of every page. */
export function Computed({ facts, scenario }: ComputedProps) {
  const { t } = useTranslation();
  return (
    <footer className="computed">
      <h2>{t('computed.title')}</h2>
      <dl>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {scenario !== undefined && (
        <Link to="/models/$name" params={{ name: scenario }} className="link">
          {t('computed.model')}
        </Link>
      )}
    </footer>
  );
}
