import { api } from '@bellwether/contracts';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../app/api.ts';
import { Chart } from '../../charts/Chart.tsx';
import { FLOW_MOMENTS, flowChart } from '../../charts/lifecycle.ts';
import { useFormat } from '../../format/useFormat.ts';
import { Empty, Loaded, Skeleton } from '../../parts/states.tsx';

/** Streams between stages from month to month. */
export function Movements() {
  const { t } = useTranslation();
  const format = useFormat();
  const query = useApi(api.lifecycle.transitions, { query: { every: 'month' } });
  const drawable = useSankey();
  return (
    <section className="card section" aria-label={t('lifecycle.flow')}>
      <Loaded query={query} height={380}>
        {moved =>
          moved.flows.length === 0 ? (
            <Empty title={t('lifecycle.flow')} teach={t('lifecycle.flow.empty')} />
          ) : drawable ? (
            <>
              <Chart
                name="lifecycle-flow"
                title={t('lifecycle.flow')}
                note={t('lifecycle.flow.note')}
                draw={kit => flowChart(moved, kit)}
                height={380}
              />
              <ol className="flow-moments note" aria-hidden="true">
                {moved.moments.slice(-FLOW_MOMENTS).map(at => (
                  <li key={at}>{format.shortDay(at.slice(0, 10))}</li>
                ))}
              </ol>
            </>
          ) : (
            <Skeleton height={380} />
          )
        }
      </Loaded>
    </section>
  );
}

/** Whether the part that draws streams has arrived. */
function useSankey(): boolean {
  const [ready, setReady] = useState(false);
  useEffect(() => {
    let wanted = true;
    void import('../../charts/sankey.ts').then(() => wanted && setReady(true));
    return () => {
      wanted = false;
    };
  }, []);
  return ready;
}
