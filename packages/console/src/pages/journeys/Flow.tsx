import { api, waysOf, type Journey, type JourneyNode, type JourneyResults } from '@bellwether/contracts';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../app/api.ts';
import { useFormat } from '../../format/useFormat.ts';
import { Icon, type IconName } from '../../parts/Icon.tsx';

const ICONS: Record<JourneyNode['kind'], IconName> = {
  enter: 'audiences',
  wait: 'clock',
  wait_until: 'clock',
  wait_event: 'clock',
  branch: 'journeys',
  split: 'journeys',
  email: 'mail',
  exit: 'check',
};

/** The journey from left to right: who is inside each step now, who passed, and those who were left alone. */
export function Flow({ journey, results }: { journey: Journey; results: JourneyResults | undefined }) {
  const { t } = useTranslation();
  const format = useFormat();
  const nodes = inOrder(journey.graph.nodes);
  const most = Math.max(1, ...(results?.nodes ?? []).map(({ passed, inside }) => passed + inside));
  const { holdout } = journey.graph;
  return (
    <section className="flow card" aria-label={t('flow.label')} tabIndex={0}>
      <ol>
        {nodes.map((node, index) => {
          const counts = results?.nodes.find(({ node: id }) => id === node.id);
          const passed = counts?.passed ?? 0;
          return (
            <li key={node.id} className={`node node-${node.kind}`}>
              <div className="node-box">
                <p>
                  <Icon name={ICONS[node.kind]} size={16} /> <b>{t(`node.${node.kind}`)}</b>
                </p>
                <p className="note">
                  <NodeWords node={node} />
                </p>
                <p className="node-counts figures">
                  <span>
                    <b>{format.brief(counts?.inside ?? 0)}</b> {t('flow.inside')}
                  </span>
                  <span>
                    <b>{format.brief(passed)}</b> {t('flow.passed')}
                  </span>
                </p>
              </div>
              {index < nodes.length - 1 && (
                <i
                  className="edge"
                  aria-hidden="true"
                  style={{ height: `${2 + Math.round((passed / most) * 10)}px` }}
                />
              )}
            </li>
          );
        })}
      </ol>
      {holdout > 0 && (
        <p className="flow-holdout">
          <i aria-hidden="true" />
          {t('flow.holdout', {
            share: format.percent(holdout, 0),
            n: format.brief(results?.holdout.customers ?? 0),
          })}
        </p>
      )}
    </section>
  );
}

function NodeWords({ node }: { node: JourneyNode }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { data: audiences = [] } = useApi(api.engagement.audiences, {});
  const { data: templates = [] } = useApi(api.engagement.templates, {});
  if (node.kind === 'enter') return audiences.find(({ id }) => id === node.audience)?.name ?? node.audience;
  if (node.kind === 'wait') return t('node.days', { count: node.days, n: node.days });
  if (node.kind === 'email') return templates.find(({ id }) => id === node.template)?.name ?? node.template;
  if (node.kind === 'wait_event') return t('node.within', { event: node.event, n: node.within_days });
  if (node.kind === 'wait_until')
    return `${String(node.hour).padStart(2, '0')}:${String(node.minute).padStart(2, '0')}`;
  if (node.kind === 'split') return node.ways.map(way => format.percent(way.share, 0)).join(' / ');
  if (node.kind === 'branch') return t('node.yesNo', { yes: node.yes, no: node.no });
  return t('node.done');
}

/** The nodes as they can be come to from the entrance, nearest first. */
function inOrder(nodes: readonly JourneyNode[]): JourneyNode[] {
  const order = nodes.filter(({ kind }) => kind === 'enter');
  for (const node of order)
    for (const way of waysOf(node)) {
      const next = nodes.find(({ id }) => id === way);
      if (next !== undefined && !order.includes(next)) order.push(next);
    }
  return order;
}
