import { api, type JourneyGraph } from '@bellwether/contracts';
import { useNavigate } from '@tanstack/react-router';
import { Checkbox, Drawer, Select, Slider } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi, useCall } from '../../app/api.ts';
import { useFormat } from '../../format/useFormat.ts';
import { useToaster } from '../../parts/Toaster.tsx';

/** Enter, wait, e-mail, exit: as a draft, which a person then starts. */
export function CreateJourney({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const toaster = useToaster();
  const navigate = useNavigate();
  const { data: audiences = [] } = useApi(api.engagement.audiences, {});
  const { data: templates = [] } = useApi(api.engagement.templates, {});
  const [name, setName] = useState('');
  const [audience, setAudience] = useState<string>();
  const [template, setTemplate] = useState<string>();
  const [wait, setWait] = useState(0);
  const [holdout, setHoldout] = useState(20);
  const [measure, setMeasure] = useState(14);
  const [dryRun, setDryRun] = useState(false);
  const create = useCall(api.engagement.createJourney, [api.engagement.journeys]);
  const isReady = name.trim() !== '' && audience !== undefined && template !== undefined;
  const save = () => {
    if (audience === undefined || template === undefined) return;
    const graph = {
      ...graphOf(audience, template, wait),
      holdout: holdout / 100,
      measure_days: measure,
      dry_run: dryRun,
    };
    create.mutate(
      { body: { name, graph } },
      {
        onError: error => toaster.fault(error),
        onSuccess: made => void navigate({ to: '/journeys/$id', params: { id: made.id } }),
      },
    );
  };
  return (
    <Drawer
      open
      size={460}
      title={t('journeys.create')}
      onClose={onClose}
      footer={
        <div className="drawer-foot">
          <p className="note">{isReady ? t('journeys.draftNote') : t('journeys.need')}</p>
          <button
            type="button"
            className="button main-button"
            disabled={!isReady || create.isPending}
            onClick={save}
          >
            {t('journeys.save')}
          </button>
        </div>
      }
    >
      <label className="field">
        {t('journeys.name')}
        <input
          className="input"
          value={name}
          maxLength={200}
          onChange={event => setName(event.target.value)}
        />
      </label>
      <label className="field">
        {t('journeys.audience')}
        <Select
          value={audience ?? null}
          onChange={setAudience}
          options={audiences.map(row => ({
            value: row.id,
            label: `${row.name} (${format.count(row.size)})`,
          }))}
        />
      </label>
      <label className="field">
        {t('journeys.template')}
        <Select
          value={template ?? null}
          onChange={setTemplate}
          options={templates.map(row => ({ value: row.id, label: row.name }))}
        />
      </label>
      <div className="field">
        <span>{t('journeys.wait', { count: wait, n: wait })}</span>
        <Slider
          min={0}
          max={30}
          value={wait}
          onChange={setWait}
          ariaLabelForHandle={t('journeys.wait', { count: wait, n: wait })}
        />
      </div>
      <div className="field">
        <span>{t('journeys.holdout', { n: format.percent(holdout / 100, 0) })}</span>
        <Slider
          min={0}
          max={50}
          step={5}
          value={holdout}
          onChange={setHoldout}
          ariaLabelForHandle={t('journey.holdout')}
        />
        {holdout === 0 && <p className="field-fault">{t('journeys.holdout.none')}</p>}
      </div>
      <div className="field">
        <span>{t('journeys.measure', { count: measure, n: measure })}</span>
        <Slider
          min={1}
          max={60}
          value={measure}
          onChange={setMeasure}
          ariaLabelForHandle={t('journeys.measure', { count: measure, n: measure })}
        />
      </div>
      <Checkbox checked={dryRun} onChange={event => setDryRun(event.target.checked)}>
        {t('journeys.dryRun')}
      </Checkbox>
    </Drawer>
  );
}

function graphOf(audience: string, template: string, days: number): Pick<JourneyGraph, 'nodes'> {
  return {
    nodes: [
      { id: 'enter', kind: 'enter', audience, next: days > 0 ? 'wait' : 'email' },
      ...(days > 0 ? [{ id: 'wait', kind: 'wait', days, next: 'email' } as const] : []),
      { id: 'email', kind: 'email', template, next: 'exit' },
      { id: 'exit', kind: 'exit' },
    ],
  };
}
