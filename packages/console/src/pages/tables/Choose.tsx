import type { TablePage } from '@bellwether/contracts';
import { Input, InputNumber, Select, Switch } from 'antd';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../format/useFormat.ts';
import { Section } from '../../parts/Page.tsx';
import { useChoices } from './choices.ts';

/** What is told, whose rows they are, when they came about, and what acting is worth. */
export function Choose({ page }: { page: TablePage }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { change, isBusy } = useChoices(page);
  const { choices } = page;
  const names = page.overview.map(({ name }) => ({ value: name, label: name }));
  const others = names.filter(({ value }) => value !== choices.target);
  const answers = page.target_values.map(({ value, count }) => ({
    value,
    label: `${value} · ${format.count(count)}`,
  }));
  return (
    <Section title={t('tables.choose.title')} note={t('tables.choose.note')}>
      <div className="choose-grid" aria-busy={isBusy}>
        <Choice
          label={t('tables.choose.target')}
          value={choices.target}
          options={names}
          onChange={target => change({ target, yes: undefined, keep: [], value: choices.value })}
        />
        <Choice
          label={t('tables.choose.yes')}
          value={choices.yes}
          options={answers}
          onChange={yes => change({ yes })}
        />
        <Choice
          label={t('tables.choose.time')}
          note={t('tables.choose.time.note')}
          value={choices.time}
          options={others}
          clear
          onChange={time => change({ time })}
        />
        <Choice
          label={t('tables.choose.id')}
          note={t('tables.choose.id.note')}
          value={choices.id}
          options={others}
          clear
          onChange={id => change({ id })}
        />
        <label className="field">
          {t('tables.choose.folds')}
          <InputNumber
            min={2}
            max={10}
            precision={0}
            value={choices.folds}
            onChange={folds => folds !== null && change({ folds })}
          />
        </label>
        <Value page={page} />
      </div>
    </Section>
  );
}

interface ChoiceProps {
  label: string;
  note?: string;
  value: string | undefined;
  options: { value: string; label: string }[];
  clear?: boolean;
  onChange: (value: string | undefined) => void;
}

function Choice({ label, note, value, options, clear = false, onChange }: ChoiceProps) {
  const { t } = useTranslation();
  return (
    <label className="field">
      {label}
      <Select
        showSearch
        allowClear={clear}
        aria-label={label}
        value={value ?? null}
        placeholder={t('tables.choose.none')}
        options={options}
        onChange={chosen => onChange(chosen ?? undefined)}
      />
      {note && <span className="note">{note}</span>}
    </label>
  );
}

/** What a threshold by value needs: what a yes earns, and what acting costs. */
function Value({ page }: { page: TablePage }) {
  const { t } = useTranslation();
  const { change } = useChoices(page);
  const { value } = page.choices;
  return (
    <div className="field">
      <span className="choose-switch">
        <Switch
          size="small"
          aria-label={t('tables.choose.value')}
          checked={value !== null}
          onChange={isOn => change({ value: isOn ? { gain: 10, cost: 1, currency: '' } : null })}
        />
        {t('tables.choose.value')}
      </span>
      {value !== null && (
        <span className="choose-value">
          <label>
            <span className="note">{t('tables.choose.gain')}</span>
            <InputNumber
              min={0.01}
              value={value.gain}
              onChange={gain => gain !== null && change({ value: { ...value, gain } })}
            />
          </label>
          <label>
            <span className="note">{t('tables.choose.cost')}</span>
            <InputNumber
              min={0}
              value={value.cost}
              onChange={cost => cost !== null && change({ value: { ...value, cost } })}
            />
          </label>
          <label>
            <span className="note">{t('tables.choose.currency')}</span>
            <Input
              maxLength={3}
              defaultValue={value.currency}
              onBlur={event => change({ value: { ...value, currency: event.target.value.toUpperCase() } })}
            />
          </label>
        </span>
      )}
    </div>
  );
}
