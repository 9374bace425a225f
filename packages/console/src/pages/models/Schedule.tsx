import { api, type Schedule as Plan, type ScenarioPage, type ScheduleState } from '@bellwether/contracts';
import { Select, Switch } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi, useCall } from '../../app/api.ts';
import { useFormat } from '../../format/useFormat.ts';
import { Section } from '../../parts/Page.tsx';
import { Loaded } from '../../parts/states.tsx';
import { useToaster } from '../../parts/Toaster.tsx';

const HOURS = Array.from({ length: 24 }, (_, hour) => hour);

/** When it works by itself; each change holds at once. */
export function Schedule({ page }: { page: ScenarioPage }) {
  const query = useApi(api.operations.schedule, { params: { name: page.name } });
  return (
    <Loaded query={query} height={240}>
      {state => <Plans name={page.name} state={state} />}
    </Loaded>
  );
}

function Plans({ name, state }: { name: string; state: ScheduleState }) {
  const { t } = useTranslation();
  const toaster = useToaster();
  const change = useCall(api.operations.changeSchedule, [api.operations.schedule]);
  const { on, changed, all, hour, train } = state;
  const set = (part: Partial<Plan>) =>
    change.mutate(
      { params: { name }, body: { on, changed, all, hour, train, ...part } },
      { onError: error => toaster.fault(error) },
    );
  return (
    <Section
      title={t(on ? 'schedule.answer.on' : 'schedule.answer.off')}
      note={t(state.is_default ? 'schedule.default' : 'schedule.set', { zone: state.timezone })}
      aside={<Switch checked={on} onChange={next => set({ on: next })} aria-label={t('schedule.on')} />}
    >
      <ul className="schedule">
        <Piece title={t('schedule.changed')} note={t('schedule.changed.note')} next={state.next.changed}>
          <Select
            value={changed}
            disabled={!on}
            aria-label={t('schedule.changed')}
            onChange={next => set({ changed: next })}
            options={(['hourly', 'off'] as const).map(value => ({ value, label: t(`schedule.${value}`) }))}
          />
        </Piece>
        <Piece title={t('schedule.all')} note={t('schedule.all.note')} next={state.next.all}>
          <Select
            value={all}
            disabled={!on}
            aria-label={t('schedule.all')}
            onChange={next => set({ all: next })}
            options={(['daily', 'off'] as const).map(value => ({ value, label: t(`schedule.${value}`) }))}
          />
          <Select
            value={hour}
            disabled={!on}
            aria-label={t('schedule.hour')}
            onChange={next => set({ hour: next })}
            options={HOURS.map(value => ({ value, label: `${String(value).padStart(2, '0')}:00` }))}
          />
        </Piece>
        <Piece title={t('schedule.train')} note={t('schedule.train.note')} next={state.next.train}>
          <Select
            value={train}
            disabled={!on}
            aria-label={t('schedule.train')}
            onChange={next => set({ train: next })}
            options={(['auto', 'weekly', 'off'] as const).map(value => ({
              value,
              label: t(`schedule.${value}`),
            }))}
          />
        </Piece>
      </ul>
    </Section>
  );
}

interface PieceProps {
  title: string;
  note: string;
  next: string | null;
  children: ReactNode;
}

function Piece({ title, note, next, children }: PieceProps) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <li>
      <div>
        <b>{title}</b>
        <p className="note">{note}</p>
      </div>
      <span className="schedule-choice">{children}</span>
      <span className="note figures">
        {next === null ? '–' : t('schedule.next', { at: format.moment(next) })}
      </span>
    </li>
  );
}
