import {
  api,
  LifecycleRules,
  type ChurnDefinition,
  type LifecycleSettings,
  type RulesPreview,
  type StageCondition,
  type StageRule,
} from '@bellwether/contracts';
import { Select } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi, useCall } from '../../app/api.ts';
import { useFormat } from '../../format/useFormat.ts';
import { NumberField } from '../../parts/NumberField.tsx';
import { Section } from '../../parts/Page.tsx';
import { Rich } from '../../parts/Rich.tsx';
import { Loaded } from '../../parts/states.tsx';
import { useToaster } from '../../parts/Toaster.tsx';

/** The rules of the stages and what counts as lost: changed here, with a look at who would move. */
export function Rules() {
  const query = useApi(api.lifecycle.rules, {});
  return (
    <Loaded query={query} height={320}>
      {settings => <Editor key={JSON.stringify(settings.rules)} settings={settings} />}
    </Loaded>
  );
}

function Editor({ settings }: { settings: LifecycleSettings }) {
  const { t } = useTranslation();
  const toaster = useToaster();
  const [draft, setDraft] = useState(settings.rules);
  const { lifecycle } = api;
  const touches = [
    lifecycle.rules,
    lifecycle.summary,
    lifecycle.customers,
    lifecycle.transitions,
    lifecycle.churn,
  ];
  const save = useCall(lifecycle.setRules, touches);
  const isSame = JSON.stringify(draft) === JSON.stringify(settings.rules);
  const parsed = LifecycleRules.safeParse(draft);
  const keep = () =>
    save.mutate(
      { body: draft },
      { onError: error => toaster.fault(error), onSuccess: () => toaster.done(t('lifecycle.rules.saved')) },
    );
  return (
    <Section title={t('lifecycle.rules')} note={t('lifecycle.rules.note')}>
      <ol className="stage-rules">
        {draft.stages.map((rule, place) => (
          <RuleLine
            key={place}
            rule={rule}
            onChange={changed => setDraft({ ...draft, stages: draft.stages.with(place, changed) })}
            onUp={
              place === 0 || place === draft.stages.length - 1
                ? undefined
                : () => setDraft({ ...draft, stages: swapped(draft.stages, place) })
            }
          />
        ))}
      </ol>
      <ChurnLine
        definition={draft.churn}
        proposed={settings.proposed_days}
        onChange={churn => setDraft({ ...draft, churn })}
      />
      <p className="note" aria-live="polite">
        {isSame ? (
          t('lifecycle.rules.same')
        ) : parsed.success ? (
          <Moves rules={draft} />
        ) : (
          parsed.error.issues[0]?.message
        )}
      </p>
      <div className="actions">
        <button
          type="button"
          className="button main-button"
          disabled={isSame || !parsed.success || save.isPending}
          onClick={keep}
        >
          {t('lifecycle.rules.save')}
        </button>
        <button type="button" className="button" disabled={isSame} onClick={() => setDraft(settings.rules)}>
          {t('lifecycle.rules.undo')}
        </button>
        <button type="button" className="button" onClick={() => setDraft(settings.defaults)}>
          {t('lifecycle.rules.reset')}
        </button>
      </div>
    </Section>
  );
}

function swapped(rules: readonly StageRule[], place: number): StageRule[] {
  const moved = [...rules];
  moved.splice(place - 1, 0, ...moved.splice(place, 1));
  return moved;
}

interface RuleLineProps {
  rule: StageRule;
  onChange: (rule: StageRule) => void;
  onUp: (() => void) | undefined;
}

function RuleLine({ rule, onChange, onUp }: RuleLineProps) {
  const { t } = useTranslation();
  const stage = t(`lifecycle.stage.${rule.stage}`);
  return (
    <li>
      <b>{stage}</b>
      <span className="rule-conditions">
        {rule.when.length === 0
          ? t('lifecycle.rules.else')
          : rule.when.map((condition, place) => (
              <ConditionField
                key={condition.fact}
                condition={condition}
                onChange={changed => onChange({ ...rule, when: rule.when.with(place, changed) })}
              />
            ))}
      </span>
      {onUp && (
        <button type="button" className="bare" aria-label={t('lifecycle.rules.up', { stage })} onClick={onUp}>
          ↑
        </button>
      )}
    </li>
  );
}

interface ConditionFieldProps {
  condition: StageCondition;
  onChange: (condition: StageCondition) => void;
}

function ConditionField({ condition, onChange }: ConditionFieldProps) {
  const { t } = useTranslation();
  const fact = t(`lifecycle.fact.${condition.fact}`);
  const step = condition.fact === 'alive' || condition.fact.endsWith('ratio') ? 0.05 : 1;
  const bounds = (['at_least', 'at_most'] as const).filter(bound => condition[bound] !== undefined);
  return bounds.map(bound => (
    <NumberField
      key={bound}
      label={t(bound === 'at_least' ? 'lifecycle.rules.min' : 'lifecycle.rules.max', { fact })}
      value={condition[bound]}
      step={step}
      {...(condition.fact === 'alive' ? { max: 1 } : {})}
      onChange={value => onChange({ ...condition, [bound]: value ?? 0 })}
    />
  ));
}

interface ChurnLineProps {
  definition: ChurnDefinition;
  proposed: number | null;
  onChange: (definition: ChurnDefinition) => void;
}

function ChurnLine({ definition, proposed, onChange }: ChurnLineProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const by = (chosen: ChurnDefinition['by']): ChurnDefinition =>
    chosen === 'silence' ? { by: 'silence', days: proposed ?? 90 } : { by: 'alive', below: 0.1 };
  return (
    <div className="churn-line">
      <label className="field">
        {t('lifecycle.rules.lost')}
        <Select
          value={definition.by}
          onChange={chosen => onChange(by(chosen))}
          popupMatchSelectWidth={false}
          options={(['silence', 'alive'] as const).map(value => ({
            ...{ value, label: t(`lifecycle.rules.by.${value}`) },
          }))}
        />
      </label>
      {definition.by === 'silence' ? (
        <NumberField
          label={t('lifecycle.fact.silence_days')}
          value={definition.days}
          min={1}
          onChange={days => onChange({ by: 'silence', days: Math.round(days ?? 1) })}
        />
      ) : (
        <NumberField
          label={t('lifecycle.fact.alive')}
          value={definition.below}
          max={1}
          step={0.01}
          onChange={below => onChange({ by: 'alive', below: below ?? 0.1 })}
        />
      )}
      {proposed !== null && !(definition.by === 'silence' && definition.days === proposed) && (
        <button type="button" className="button" onClick={() => onChange({ by: 'silence', days: proposed })}>
          {t('lifecycle.rules.propose', { days: format.count(proposed) })}
        </button>
      )}
    </div>
  );
}

/** Who would move, asked again when the reader pauses. */
function Moves({ rules }: { rules: LifecycleRules }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [preview, setPreview] = useState<RulesPreview>();
  const { mutateAsync } = useCall(api.lifecycle.previewRules);
  const asked = JSON.stringify(rules);
  useEffect(() => {
    let wanted = true;
    const timer = setTimeout(() => {
      void mutateAsync({ body: LifecycleRules.parse(JSON.parse(asked)) })
        .then(answer => wanted && setPreview(answer))
        .catch(() => undefined);
    }, 250);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [asked, mutateAsync]);
  if (preview === undefined) return '…';
  return (
    <Rich
      text={t('lifecycle.rules.moves', {
        moved: format.count(preview.moved),
        customers: format.count(preview.customers),
        before: format.count(preview.churned_before),
        after: format.count(preview.churned_after),
      })}
    />
  );
}
