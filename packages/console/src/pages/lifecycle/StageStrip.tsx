import type { LifecycleSummary, Stage, StageSummary } from '@bellwether/contracts';
import { useTranslation } from 'react-i18next';
import { usePreferences } from '../../app/preferences.tsx';
import { stageColour } from '../../charts/lifecycle.ts';
import { range } from '../../format/sentences.ts';
import { useFormat } from '../../format/useFormat.ts';
import { Section } from '../../parts/Page.tsx';

interface StageStripProps {
  summary: LifecycleSummary;
  chosen: Stage;
  onChoose: (stage: Stage) => void;
}

/** The seven stages with who is in them and what they are expected to spend. */
export function StageStrip({ summary, chosen, onChoose }: StageStripProps) {
  const { t } = useTranslation();
  const { tokens } = usePreferences();
  return (
    <Section title={t('lifecycle.stages')} note={t('lifecycle.stages.note')}>
      <div className="stage-bar" aria-hidden="true">
        {summary.stages.map(({ stage, customers }) => (
          <i key={stage} style={{ flexGrow: customers, background: stageColour(stage, tokens) }} />
        ))}
      </div>
      <div className="stage-strip">
        {summary.stages.map(row => (
          <StageButton
            key={row.stage}
            row={row}
            currency={summary.currency}
            all={summary.customers}
            pressed={row.stage === chosen}
            colour={stageColour(row.stage, tokens)}
            onChoose={() => onChoose(row.stage)}
          />
        ))}
      </div>
    </Section>
  );
}

interface StageButtonProps {
  row: StageSummary;
  currency: string;
  all: number;
  pressed: boolean;
  colour: string;
  onChoose: () => void;
}

function StageButton({ row, currency, all, pressed, colour, onChoose }: StageButtonProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const money = (value: number) => format.briefMoney(Math.round(value), currency);
  return (
    <button type="button" className="stage-button" aria-pressed={pressed} onClick={onChoose}>
      <span className="stage-name">
        <i aria-hidden="true" style={{ background: colour }} />
        {t(`lifecycle.stage.${row.stage}`)}
      </span>
      <b className="figure">{format.brief(row.customers)}</b>
      <span className="note">{format.percent(row.customers / Math.max(1, all), 0)}</span>
      <span className="figures">
        {money(row.value_90.value ?? 0)} <span className="quiet">{t('lifecycle.in90')}</span>
      </span>
      <span className="note figures">{range(row.value_90, money)}</span>
    </button>
  );
}
