import { api, type ReadColumn, type TableCard, type TablePrediction } from '@bellwether/contracts';
import { AutoComplete, Input } from 'antd';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall } from '../../app/api.ts';
import { range } from '../../format/sentences.ts';
import { useFormat } from '../../format/useFormat.ts';
import { Section } from '../../parts/Page.tsx';
import { Rich } from '../../parts/Rich.tsx';
import { useToaster } from '../../parts/Toaster.tsx';
import { useWords } from '../../parts/useWords.ts';

/** One row of whatever values the reader likes, told by the version in use. */
export function TryRow({ id, card }: { id: string; card: TableCard }) {
  const { t } = useTranslation();
  const toaster = useToaster();
  const [values, setValues] = useState<Record<string, string>>(() =>
    Object.fromEntries(card.columns.map(({ name, typical }) => [name, typical])),
  );
  const predict = useCall(api.tables.predict);
  const ask = (event: FormEvent) => {
    event.preventDefault();
    predict.mutate(
      { params: { id }, body: { features: values } },
      { onError: error => toaster.fault(error) },
    );
  };
  return (
    <Section title={t('tables.try.title')} note={t('tables.try.note')}>
      <form className="try-row" onSubmit={ask}>
        <div className="try-fields">
          {card.columns.map(column => (
            <Field
              key={column.name}
              column={column}
              value={values[column.name] ?? ''}
              onChange={value => setValues({ ...values, [column.name]: value })}
            />
          ))}
        </div>
        <div className="try-answer" role="status">
          <button type="submit" className="button main-button" disabled={predict.isPending}>
            {t('tables.try.do')}
          </button>
          {predict.data && <Told told={predict.data} card={card} />}
        </div>
      </form>
    </Section>
  );
}

interface FieldProps {
  column: ReadColumn;
  value: string;
  onChange: (value: string) => void;
}

function Field({ column, value, onChange }: FieldProps) {
  const { t } = useTranslation();
  const { name, kind, values } = column;
  const common = { value, onChange, placeholder: t('tables.try.missing') };
  return (
    <label className="field">
      {name}
      {kind === 'category' || kind === 'yes_no' ? (
        <AutoComplete
          {...common}
          aria-label={name}
          options={values.map(word => ({ value: word }))}
          showSearch={{ filterOption: (typed, option) => isLike(typed, value, option?.value ?? '') }}
        />
      ) : (
        <Input {...common} onChange={event => onChange(event.target.value)} />
      )}
    </label>
  );
}

/** All words while the field still holds one of them; then those that hold what was typed. */
function isLike(typed: string, value: string, word: string): boolean {
  return typed === value || word.toLowerCase().includes(typed.toLowerCase());
}

function Told({ told, card }: { told: TablePrediction; card: TableCard }) {
  const { t } = useTranslation();
  const format = useFormat();
  const say = useWords();
  const percent = (share: number) => format.percent(share, 1);
  const { probability, chosen, reasons, notes } = told;
  return (
    <>
      <p className="try-said">
        <Rich
          text={t('tables.try.answer', {
            ...{ target: card.target, yes: card.yes },
            ...{ p: percent(probability.value ?? 0), range: range(probability, percent) },
          })}
        />
      </p>
      <p className="note">{chosen ? t('tables.try.chosen') : t('tables.try.notChosen')}</p>
      <ul className="limits">
        {reasons.map(({ feature, value, effect }) => (
          <li key={feature}>
            {feature}: {value === '' ? t('tables.try.missing') : value}{' '}
            <span className="figures quiet">
              {effect > 0 ? '↑' : '↓'} {t('tables.reasons.points', { n: format.points(effect / 100) })}
            </span>
          </li>
        ))}
      </ul>
      {notes.map(note => (
        <p className="advice" key={note.en}>
          {say(note)}
        </p>
      ))}
    </>
  );
}
