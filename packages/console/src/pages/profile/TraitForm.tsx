import {
  api,
  TRAIT_FIELDS,
  TRAIT_MEASURES,
  TRAIT_SOURCES,
  TraitDefinition,
  TraitName,
  type TraitMeasure,
  type TraitSource,
} from '@bellwether/contracts';
import { Drawer, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall } from '../../app/api.ts';
import { useFormat } from '../../format/useFormat.ts';
import { useToaster } from '../../parts/Toaster.tsx';

interface Draft {
  title: string;
  from: TraitSource;
  event: string;
  measure: TraitMeasure;
  field: string;
  days: string;
  whereField: string;
  whereText: string;
}

const START: Draft = {
  ...{ title: '', from: 'orders', event: 'Product Viewed', measure: 'count', field: 'amount' },
  ...{ days: '90', whereField: '', whereText: '' },
};
const FIELDLESS: readonly TraitMeasure[] = ['count', 'days_since'];
const NUMERIC: readonly TraitMeasure[] = ['sum', 'average', 'min', 'max'];

/** The draft as the contract wants it. */
function declared(draft: Draft): unknown {
  const { title, from, event, measure, field, days, whereField, whereText } = draft;
  const money = field === 'amount' || field === 'price';
  return {
    words: { en: title, 'zh-CN': title },
    from,
    measure,
    unit: measure === 'days_since' ? 'days' : NUMERIC.includes(measure) && money ? 'currency' : 'number',
    ...(from === 'events' ? { event } : {}),
    ...(FIELDLESS.includes(measure) ? {} : { field }),
    ...(Number(days) > 0 ? { days: Math.floor(Number(days)) } : {}),
    where: whereField === '' || whereText === '' ? [] : [{ field: whereField, op: 'is', text: whereText }],
  };
}

/** `Tea in a year` -> `tea_in_a_year`; a name without Latin letters gets one of the clock's. */
function nameFor(title: string): string {
  const plain = title
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^[_0-9]+|_+$/g, '')
    .slice(0, 60);
  return TraitName.safeParse(plain).success ? plain : `trait_${Date.now().toString(36)}`;
}

/** A trait from a few choices, tried on real customers before it is kept. */
export function TraitForm({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const toaster = useToaster();
  const [draft, setDraft] = useState(START);
  const save = useCall(api.profile.saveTrait, [api.profile.traits]);
  const parsed = TraitDefinition.safeParse(declared(draft));
  const ready = parsed.success && draft.title.trim() !== '';
  const keep = () =>
    parsed.success &&
    save.mutate(
      { params: { name: nameFor(draft.title) }, body: parsed.data },
      {
        onError: error => toaster.fault(error),
        onSuccess: () => {
          toaster.done(t('traits.saved', { name: draft.title }));
          onClose();
        },
      },
    );
  return (
    <Drawer
      open
      size={480}
      title={t('traits.make')}
      onClose={onClose}
      footer={
        <div className="drawer-foot">
          <p className="note">{parsed.success ? '' : parsed.error.issues[0]?.message}</p>
          <button
            type="button"
            className="button main-button"
            disabled={!ready || save.isPending}
            onClick={keep}
          >
            {t('profile.save')}
          </button>
        </div>
      }
    >
      <Fields draft={draft} change={next => setDraft({ ...draft, ...next })} />
      <Preview definition={parsed.success ? parsed.data : undefined} />
    </Drawer>
  );
}

interface FieldsProps {
  draft: Draft;
  change: (next: Partial<Draft>) => void;
}

function Fields({ draft, change }: FieldsProps) {
  const { t } = useTranslation();
  const text = (key: 'title' | 'event' | 'days' | 'whereText', label: string, placeholder = '') => (
    <label className="field">
      {label}
      <input
        className="input"
        value={draft[key]}
        placeholder={placeholder}
        onChange={event => change({ [key]: event.target.value })}
      />
    </label>
  );
  return (
    <>
      {text('title', t('traits.form.title'), t('traits.form.example'))}
      <label className="field">
        {t('traits.form.measure')}
        <Select
          value={draft.measure}
          onChange={measure => change({ measure })}
          options={TRAIT_MEASURES.map(value => ({ value, label: t(`traits.measure.${value}`) }))}
        />
      </label>
      <label className="field">
        {t('traits.form.from')}
        <Select
          value={draft.from}
          onChange={from => change({ from, field: from === 'events' ? '' : 'amount', whereField: '' })}
          options={TRAIT_SOURCES.map(value => ({ value, label: t(`traits.from.${value}`) }))}
        />
      </label>
      {draft.from === 'events' && text('event', t('traits.form.event'))}
      {!FIELDLESS.includes(draft.measure) && (
        <FieldChoice draft={draft} label={t('traits.form.field')} at="field" change={change} />
      )}
      {text('days', t('traits.form.days'))}
      <FieldChoice draft={draft} label={t('traits.form.where')} at="whereField" change={change} />
      {draft.whereField !== '' && text('whereText', t('traits.form.is'))}
    </>
  );
}

/** The source's fields; of events a property by its name. */
function FieldChoice({
  draft,
  label,
  at,
  change,
}: FieldsProps & { label: string; at: 'field' | 'whereField' }) {
  return (
    <label className="field">
      {label}
      {draft.from === 'events' ? (
        <input
          className="input"
          value={draft[at]}
          placeholder="category"
          onChange={event => change({ [at]: event.target.value })}
        />
      ) : (
        <Select
          value={draft[at] === '' ? null : draft[at]}
          allowClear={at === 'whereField'}
          onChange={value => change({ [at]: value ?? '' })}
          options={Object.keys(TRAIT_FIELDS[draft.from]).map(value => ({ value, label: value }))}
        />
      )}
    </label>
  );
}

function Preview({ definition }: { definition: TraitDefinition | undefined }) {
  const { t } = useTranslation();
  const format = useFormat();
  const preview = useCall(api.profile.previewTrait);
  const told = (value: string | number | null): string => {
    if (value === null) return '–';
    return typeof value === 'number' ? format.decimal(value, 2) : value;
  };
  return (
    <section className="trait-preview" aria-live="polite">
      <button
        type="button"
        className="button"
        disabled={definition === undefined || preview.isPending}
        onClick={() => definition && preview.mutate({ body: definition })}
      >
        {t('traits.try')}
      </button>
      {preview.error && <p className="field-fault">{preview.error.message}</p>}
      {preview.data && (
        <>
          <p className="note">
            {t('traits.tried', {
              n: format.count(preview.data.customers),
              of: format.count(preview.data.looked_at),
            })}
          </p>
          <table className="table">
            <tbody>
              {preview.data.rows.map(row => (
                <tr key={row.customer_id}>
                  <th scope="row">{row.name || row.customer_id}</th>
                  <td className="figures">{told(row.value)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
    </section>
  );
}
