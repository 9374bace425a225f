import { api, type Status } from '@bellwether/contracts';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../app/api.ts';
import { useFormat } from '../../format/useFormat.ts';
import { Badge, type Tone } from '../../parts/Badge.tsx';
import { Figures } from '../../parts/Figures.tsx';
import { Section } from '../../parts/Page.tsx';
import { Loaded } from '../../parts/states.tsx';
import { Ago } from '../../parts/time.tsx';

type Engine = Status['engines'][number];
const TONES: Record<Engine['state'], Tone> = {
  up: 'good',
  starting: 'running',
  restarting: 'warn',
  down: 'bad',
};

/** Is everything that this runs on well? */
export function EnginesTab() {
  const query = useApi(api.system.status, {}, { every: 5_000 });
  return <Loaded query={query}>{status => <Engines status={status} />}</Loaded>;
}

function Engines({ status }: { status: Status }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { journal } = status;
  return (
    <>
      <Figures
        items={[
          [t('engines.version'), status.version, ''],
          [t('engines.started'), <Ago key="ago" at={status.started_at} />, ''],
          [t('engines.waiting'), format.count(journal.waiting_events), format.bytes(journal.waiting_bytes)],
          [t('engines.loaded'), <Ago key="loaded" at={journal.last_loaded_at} />, journal.last_error ?? ''],
        ]}
      />
      <Section title={t('engines.title')} note={status.data_folder}>
        <ul className="needs">
          {status.engines.map(engine => (
            <li key={engine.name}>
              <Badge tone={TONES[engine.state]}>{t(`engineState.${engine.state}`)}</Badge>
              <b>{t(`engine.${engine.name}`)}</b>
              <span className="quiet">{engine.detail}</span>
              <span className="quiet">
                {engine.embedded ? t('engines.embedded') : t('engines.remote')} ·{' '}
                {t('engines.restarts', { count: engine.restarts, n: engine.restarts })}
              </span>
            </li>
          ))}
        </ul>
        {status.warnings.map(warning => (
          <p key={warning} className="advice">
            {warning}
          </p>
        ))}
      </Section>
    </>
  );
}
