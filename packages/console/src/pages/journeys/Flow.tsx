import { api, type Journey, type JourneyNode, type JourneyResults } from '@bellwether/contracts';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../app/api.ts';
import { useFormat } from '../../format/useFormat.ts';
import { Icon, type IconName } from '../../parts/Icon.tsx';

const ICONS: Record<JourneyNode['kind'], IconName> = {
  enter: 'audiences',
  wait: 'clock',
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
  const { data: audiences = [] } = useApi(api.engagement.audiences, {});
  const { data: templates = [] } = useApi(api.engagement.templates, {});
  if (node.kind === 'enter') return audiences.find(({ id }) => id === node.audience)?.name ?? node.audience;
  if (node.kind === 'wait') return t('node.days', { count: node.days, n: node.days });
  if (node.kind === 'email') return templates.find(({ id }) => id === node.template)?.name ?? node.template;
  return t('node.done');
}

/** The nodes as they follow each other from the entrance. */
function inOrder(nodes: readonly JourneyNode[]): JourneyNode[] {
  const order: JourneyNode[] = [];
  let node = nodes.find(({ kind }) => kind === 'enter');
  while (node !== undefined && !order.includes(node)) {
    order.push(node);
    const next: string | undefined = node.kind === 'exit' ? undefined : node.next;
    node = nodes.find(({ id }) => id === next);
  }
  return order;
}
