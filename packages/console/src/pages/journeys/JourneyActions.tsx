import { api, type Journey } from '@bellwether/contracts';
import { Popconfirm } from 'antd';
import { useTranslation } from 'react-i18next';
import { useCall } from '../../app/api.ts';
import { Badge } from '../../parts/Badge.tsx';
import { useToaster } from '../../parts/Toaster.tsx';
import { JOURNEY_TONES } from './Journeys.tsx';

/** Start, pause, go on, stop. What cannot be taken back is asked first; a pause can be undone. */
export function JourneyActions({ journey }: { journey: Journey }) {
  const { t } = useTranslation();
  const toaster = useToaster();
  const call = useCall(api.engagement.setJourneyState, [
    api.engagement.journey,
    api.engagement.journeys,
    api.engagement.journeyResults,
  ]);
  const set = (state: 'running' | 'paused' | 'stopped', undo?: () => void) =>
    call.mutate(
      { params: { id: journey.id }, body: { state } },
      {
        onError: error => toaster.fault(error),
        onSuccess: () => toaster.done(t(`journey.now.${state}`), undo),
      },
    );
  const { state } = journey;
  return (
    <>
      <Badge tone={JOURNEY_TONES[state]}>{t(`journeyState.${state}`)}</Badge>
      {journey.graph.dry_run && <span className="quiet">{t('journey.dryRun')}</span>}
      {state === 'draft' && (
        <Popconfirm
          title={t('journey.start.ask')}
          description={journey.graph.dry_run ? t('journey.start.dry') : t('journey.start.real')}
          okText={t('journey.start')}
          onConfirm={() => set('running')}
        >
          <button type="button" className="button main-button">
            {t('journey.start')}
          </button>
        </Popconfirm>
      )}
      {state === 'running' && (
        <button
          type="button"
          className="button"
          disabled={call.isPending}
          onClick={() => set('paused', () => set('running'))}
        >
          {t('journey.pause')}
        </button>
      )}
      {state === 'paused' && (
        <button
          type="button"
          className="button main-button"
          disabled={call.isPending}
          onClick={() => set('running')}
        >
          {t('journey.goOn')}
        </button>
      )}
      {(state === 'running' || state === 'paused') && (
        <Popconfirm
          title={t('journey.stop.ask')}
          description={t('journey.stop.effect')}
          okText={t('journey.stop')}
          onConfirm={() => set('stopped')}
        >
          <button type="button" className="button">
            {t('journey.stop')}
          </button>
        </Popconfirm>
      )}
    </>
  );
}
