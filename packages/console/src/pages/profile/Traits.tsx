import { api, type Trait, type TraitDefinition } from '@bellwether/contracts';
import type { TFunction } from 'i18next';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi, useCall } from '../../app/api.ts';
import { useFormat } from '../../format/useFormat.ts';
import { DataTable, type Column } from '../../parts/DataTable.tsx';
import { Loaded } from '../../parts/states.tsx';
import { useToaster } from '../../parts/Toaster.tsx';
import { useWords } from '../../parts/useWords.ts';
import { TraitForm } from './TraitForm.tsx';

/** What is computed of every customer, and a form for one more. */
export function TraitsTab() {
  const { t } = useTranslation();
  const [making, setMaking] = useState(false);
  const query = useApi(api.profile.traits, {}, { every: 10_000 });
  return (
    <>
      <p className="profile-answer">{t('traits.answer', { n: query.data?.length ?? 0 })}</p>
      <Loaded query={query} height={420}>
        {traits => (
          <TraitTable
            traits={traits}
            toolbar={
              <button type="button" className="button main-button" onClick={() => setMaking(true)}>
                {t('traits.make')}
              </button>
            }
          />
        )}
      </Loaded>
      {making && <TraitForm onClose={() => setMaking(false)} />}
    </>
  );
}

function TraitTable({ traits, toolbar }: { traits: readonly Trait[]; toolbar: React.ReactNode }) {
  const { t } = useTranslation();
  const columns = useTraitColumns();
  return (
    <DataTable<Trait>
      name="traits"
      rows={traits}
      rowKey={row => row.name}
      columns={columns}
      toolbar={toolbar}
      empty={t('traits.none')}
    />
  );
}

function useTraitColumns(): Column<Trait>[] {
  const { t } = useTranslation();
  const format = useFormat();
  const say = useWords();
  return [
    {
      key: 'words',
      title: t('traits.trait'),
      value: row => say(row.definition.words),
      render: row => (
        <>
          <b>{say(row.definition.words)}</b>
          <span className="note segment-told">{row.name}</span>
        </>
      ),
    },
    { key: 'rule', title: t('traits.rule'), value: row => ruleOf(row.definition, t) },
    {
      ...{ key: 'customers', title: t('traits.customers'), numeric: true },
      value: row => row.customers,
      render: row => (row.customers === null ? '–' : format.count(row.customers)),
    },
    {
      key: 'made',
      title: t('traits.made'),
      value: row => t(row.built_in ? 'traits.builtIn' : 'traits.own'),
      render: row => (row.built_in ? t('traits.builtIn') : <Remove name={row.name} />),
    },
  ];
}

function Remove({ name }: { name: string }) {
  const { t } = useTranslation();
  const toaster = useToaster();
  const remove = useCall(api.profile.deleteTrait, [api.profile.traits]);
  return (
    <button
      type="button"
      className="button"
      disabled={remove.isPending}
      onClick={() => remove.mutate({ params: { name } }, { onError: error => toaster.fault(error) })}
    >
      {t('traits.remove')}
    </button>
  );
}

/** The declaration in words: `sum of amount over order lines where category is tea, last 365 days`. */
export function ruleOf({ from, event, measure, field, where, days }: TraitDefinition, t: TFunction): string {
  const tests = where.map(
    test => `${test.field} ${t(`traits.op.${test.op}`)} ${'text' in test ? test.text : test.number}`,
  );
  return [
    t(`traits.measure.${measure}`),
    field,
    `· ${event ?? t(`traits.from.${from}`)}`,
    ...(tests.length === 0 ? [] : [`· ${tests.join(', ')}`]),
    ...(days === undefined ? [] : [`· ${t('traits.lastDays', { n: days })}`]),
  ]
    .filter(part => part !== undefined)
    .join(' ');
}
