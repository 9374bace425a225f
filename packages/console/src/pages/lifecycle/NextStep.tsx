import { api, type StageSummary } from '@bellwether/contracts';
import { useTranslation } from 'react-i18next';
import { useCall } from '../../app/api.ts';
import { range } from '../../format/sentences.ts';
import { useFormat } from '../../format/useFormat.ts';
import { Section } from '../../parts/Page.tsx';
import { useToaster } from '../../parts/Toaster.tsx';
import { useWords } from '../../parts/useWords.ts';

/** What to do for a stage, and one button that makes it the audience of a journey. */
export function NextStep({ of, currency }: { of: StageSummary; currency: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const say = useWords();
  const toaster = useToaster();
  const create = useCall(api.engagement.createAudience, [api.engagement.audiences]);
  const stage = t(`lifecycle.stage.${of.stage}`);
  const money = (value: number) => format.briefMoney(Math.round(value), currency);
  const count = (value: number) => format.brief(Math.round(value));
  const make = () =>
    create.mutate(
      {
        body: {
          name: t('lifecycle.audience.name', { stage }),
          definition: { scenario: 'customer-lifecycle', stages: [of.stage] },
        },
      },
      {
        onError: error => toaster.fault(error),
        onSuccess: ({ name, size }) =>
          toaster.done(t('lifecycle.audience.made', { name, size: format.count(size) })),
      },
    );
  return (
    <Section
      title={t('lifecycle.next', { stage })}
      aside={
        <button
          type="button"
          className="button main-button"
          disabled={of.customers === 0 || create.isPending}
          onClick={make}
        >
          {t('lifecycle.audience')}
        </button>
      }
    >
      <p>
        <b>{say(of.next_step.title)}</b>
      </p>
      <p>{say(of.next_step.why)}</p>
      <p className="note figures">
        {count(of.orders_90.value ?? 0)} {t('lifecycle.orders')} ({range(of.orders_90, count)}) ·{' '}
        {money(of.value_90.value ?? 0)} ({range(of.value_90, money)}) {t('lifecycle.in90')}
        {of.silence_days !== null &&
          ` · ${t('lifecycle.silence.median', { n: format.count(of.silence_days) })}`}
      </p>
    </Section>
  );
}
