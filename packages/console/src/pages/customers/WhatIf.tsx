import { api, type Score, type WhatIf as Supposed } from '@bellwether/contracts';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../app/api.ts';
import { useFormat } from '../../format/useFormat.ts';
import { Fault } from '../../parts/states.tsx';
import { Interval } from '../../parts/Interval.tsx';
import { NumberField } from '../../parts/NumberField.tsx';
import { Rich } from '../../parts/Rich.tsx';
import { useWords } from '../../parts/useWords.ts';

interface WhatIfProps {
  customerId: string;
  score: Score;
}

/** The probability if this customer were otherwise, and what is known of what a message would do. */
export function WhatIf({ customerId, score }: WhatIfProps) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  return (
    <details className="what-if" onToggle={event => setOpen(event.currentTarget.open)}>
      <summary>{t('whatIf.title')}</summary>
      {open && <Suppose customerId={customerId} score={score} />}
    </details>
  );
}

function Suppose({ customerId, score }: WhatIfProps) {
  const { t } = useTranslation();
  // an empty field is a value that is not known
  const [changes, setChanges] = useState<Record<string, number | null>>({});
  const body = { customer_id: customerId, changes };
  const asked = useApi(api.decision.whatIf, { params: { name: score.scenario }, body }, { keep: true });
  if (asked.error) return <Fault error={asked.error} />;
  if (asked.data === undefined) return null;
  const change = (name: string) => (value: number | undefined) =>
    setChanges(old => ({ ...old, [name]: value ?? null }));
  const changed = Object.keys(changes).length > 0;
  // the features that moved this score most come first: they are the ones that a reader asks about
  const first = score.reasons.map(({ feature }) => feature);
  return (
    <div className="what-if-body">
      <div className="what-if-fields">
        {[...asked.data.features]
          .filter(({ low, high }) => low !== high)
          .sort((a, b) => rankOf(first, a.name) - rankOf(first, b.name))
          .slice(0, 6)
          .map(feature => (
            <FeatureField
              key={feature.name}
              feature={feature}
              value={Object.hasOwn(changes, feature.name) ? changes[feature.name] : feature.value}
              onChange={change(feature.name)}
            />
          ))}
      </div>
      {changed && (
        <div className="actions">
          <button type="button" className="button" onClick={() => setChanges({})}>
            {t('whatIf.reset')}
          </button>
        </div>
      )}
      <Difference supposed={asked.data} changed={changed} />
      <Actions supposed={asked.data} />
    </div>
  );
}

const rankOf = (first: readonly string[], name: string): number =>
  first.includes(name) ? first.indexOf(name) : first.length;

interface FeatureFieldProps {
  feature: Supposed['features'][number];
  /** What is typed, which the answer may not hold yet. */
  value: number | null | undefined;
  onChange: (value: number | undefined) => void;
}

function FeatureField({ feature, value, onChange }: FeatureFieldProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const say = useWords();
  const { low, high, outside, unit } = feature;
  const span = (high ?? 0) - (low ?? 0);
  const ends = { low: format.decimal(low ?? 0, 0), high: format.decimal(high ?? 0, 0) };
  return (
    <div>
      <NumberField
        label={say(feature.words).replace(/\{(value)?\}/, '…')}
        value={value ?? undefined}
        placeholder="–"
        unit={unit === 'days' ? t('whatIf.days') : undefined}
        step={span > 5 ? 1 : 0.1}
        onChange={onChange}
      />
      {outside && <p className="note what-if-outside">{t('whatIf.outside', ends)}</p>}
    </div>
  );
}

function Difference({ supposed, changed }: { supposed: Supposed; changed: boolean }) {
  const { t } = useTranslation();
  const format = useFormat();
  const say = useWords();
  const share = (value: number) => format.percent(value, 0);
  const { before, after, difference } = supposed;
  const words = {
    ...{ before: share(before.value ?? 0), after: share(after.value ?? 0) },
    points: format.points(difference),
  };
  return (
    <div aria-live="polite">
      <p className="score-line">
        <Rich text={changed ? t('whatIf.answer', words) : t('whatIf.ask')} />
      </p>
      {changed && <Interval estimate={after} write={share} label={t('whatIf.title')} from={0} to={1} />}
      {changed && <p className="note">{say(supposed.meaning)}</p>}
    </div>
  );
}

/** What journeys with a hold-out measured; where none did, what to do. */
function Actions({ supposed }: { supposed: Supposed }) {
  const { t } = useTranslation();
  const format = useFormat();
  const say = useWords();
  const points = (value: number) => t('unit.points', { n: format.points(value) });
  return (
    <div className="what-if-actions">
      <h4>{t('whatIf.message')}</h4>
      <p className="note">{say(supposed.support)}</p>
      {supposed.actions.map(action => (
        <div key={action.journey_id}>
          <p>{say(action.said)}</p>
          <Interval estimate={action.lift} write={points} label={action.name} zero />
        </div>
      ))}
    </div>
  );
}
