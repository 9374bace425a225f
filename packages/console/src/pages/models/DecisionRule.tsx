import { api, ValueSettings, type Decision, type ScenarioPage } from '@bellwether/contracts';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi, useCall } from '../../app/api.ts';
import { range } from '../../format/sentences.ts';
import { useFormat } from '../../format/useFormat.ts';
import { NumberField } from '../../parts/NumberField.tsx';
import { Section } from '../../parts/Page.tsx';
import { Rich } from '../../parts/Rich.tsx';
import { useToaster } from '../../parts/Toaster.tsx';
import { useWords } from '../../parts/useWords.ts';

/** Whom to write to: the rule in words, what it is made of, and whom another would choose. Nothing changes before it is kept. */
export function DecisionRule({ page }: { page: ScenarioPage }) {
  const { t } = useTranslation();
  const say = useWords();
  const toaster = useToaster();
  const [draft, setDraft] = useState<ValueSettings>();
  const [most, setMost] = useState<number>();
  const params = { name: page.name };
  const body = { ...(draft && { settings: draft }), ...(most !== undefined && { most }) };
  const sound = draft === undefined || ValueSettings.safeParse(draft).success;
  const { data } = useApi(api.decision.preview, { params, body }, { keep: true, enabled: sound });
  const keep = useCall(api.decision.keep, [api.decision.preview, api.scenarios.page]);
  if (data === undefined) return null;
  const settings = draft ?? data.settings;
  const change = (name: keyof ValueSettings, scale: number) => (value: number | undefined) =>
    setDraft({ ...settings, [name]: (value ?? 0) / scale });
  const kept = () => {
    setDraft(undefined);
    toaster.done(t('rule.kept'));
  };
  return (
    <Section title={t('rule.title')} note={say(data.rule)}>
      <div className="rule">
        <div className="rule-fields">
          <NumberField
            label={t('rule.margin')}
            unit="%"
            value={100 * settings.margin_rate}
            max={100}
            onChange={change('margin_rate', 100)}
          />
          <NumberField
            label={t('rule.cost')}
            unit={data.currency}
            value={settings.contact_cost}
            step={0.01}
            onChange={change('contact_cost', 1)}
          />
          <NumberField
            label={t('rule.effect')}
            unit="%"
            value={100 * settings.effect}
            max={100}
            step={0.5}
            onChange={change('effect', 100)}
          />
          <NumberField
            label={t('rule.most')}
            value={most}
            step={100}
            onChange={value => setMost(value === undefined ? undefined : Math.max(1, Math.round(value)))}
          />
          {draft && (
            <div className="actions">
              <button
                type="button"
                className="button button-main"
                disabled={!sound || keep.isPending}
                onClick={() =>
                  keep.mutate({ body: draft }, { onSuccess: kept, onError: error => toaster.fault(error) })
                }
              >
                {t('rule.keep')}
              </button>
              <button type="button" className="button" onClick={() => setDraft(undefined)}>
                {t('rule.drop')}
              </button>
            </div>
          )}
        </div>
        <Chosen decision={data} />
      </div>
    </Section>
  );
}

/** How many the rule chooses, from where on, and what is expected of them. */
function Chosen({ decision }: { decision: Decision }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { currency, scored, chosen, threshold, profit, limited } = decision;
  const money = (value: number) => format.money(value, currency);
  const words = (n: number, from: number, gain: Decision['profit']) => ({
    ...{ n: format.count(n), of: format.count(scored), p: format.percent(from, 1) },
    ...{ profit: money(gain.value ?? 0), range: range(gain, money) },
  });
  return (
    <div className="rule-answer" aria-live="polite">
      <p>
        <Rich text={t('rule.chosen', words(chosen, threshold, profit))} />
      </p>
      {limited && limited.from_probability !== null && (
        <p>
          <Rich text={t('rule.limited', words(limited.chosen, limited.from_probability, limited.profit))} />
        </p>
      )}
      <p className="note">{t('rule.assumed')}</p>
    </div>
  );
}
