import { api } from '@bellwether/contracts';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../app/api.ts';
import { Chart } from '../../charts/Chart.tsx';
import { arrivalsByDay } from '../../charts/time.ts';
import { useFormat } from '../../format/useFormat.ts';
import { ButtonLink } from '../../parts/ButtonLink.tsx';
import { Figures } from '../../parts/Figures.tsx';
import { Empty, Loaded } from '../../parts/states.tsx';

export function ArrivalsTab() {
  const { t } = useTranslation();
  const format = useFormat();
  const query = useApi(api.data.arrivals, {}, { every: 5_000 });
  return (
    <Loaded query={query} height={320}>
      {arrivals =>
        arrivals.events_total + arrivals.orders_total === 0 ? (
          <Empty
            title={t('arrivals.empty.title')}
            teach={t('arrivals.empty.teach')}
            action={
              <ButtonLink main to="/data" search={{ tab: 'imports' }}>
                {t('arrivals.empty.do')}
              </ButtonLink>
            }
          />
        ) : (
          <>
            <Figures
              items={[
                [t('data.orders'), format.brief(arrivals.orders_total), ''],
                [t('data.events'), format.brief(arrivals.events_total), ''],
                [t('data.refused'), format.brief(arrivals.quarantined), t('data.refused.note')],
                [t('data.waiting'), format.brief(arrivals.waiting), t('data.waiting.note')],
              ]}
            />
            {arrivals.by_day.length > 0 && (
              <div className="card section">
                <Chart
                  name="arrivals"
                  title={t('arrivals.byDay')}
                  height={260}
                  draw={kit => arrivalsByDay(arrivals, kit)}
                />
              </div>
            )}
          </>
        )
      }
    </Loaded>
  );
}
