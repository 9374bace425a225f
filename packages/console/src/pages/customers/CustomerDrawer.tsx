import { api, type Customer } from '@bellwether/contracts';
import { getRouteApi } from '@tanstack/react-router';
import { Drawer } from 'antd';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../app/api.ts';
import { useFormat } from '../../format/useFormat.ts';
import { Badge } from '../../parts/Badge.tsx';
import { Rich } from '../../parts/Rich.tsx';
import { Loaded } from '../../parts/states.tsx';
import { Consents } from './Consents.tsx';
import { ScoreStory } from './ScoreStory.tsx';
import { WhatIf } from './WhatIf.tsx';
import { Timeline } from './Timeline.tsx';

const route = getRouteApi('/shell/customers/$id');

/** One customer as a story: who, what now, why, what happened, what they allow. Has an address of its own. */
export function CustomerDrawer() {
  const { t } = useTranslation();
  const { id } = route.useParams();
  const navigate = route.useNavigate();
  const query = useApi(api.customers.get, { params: { id } });
  const name = query.data?.name || id;
  return (
    <Drawer
      open
      size={620}
      mask={false}
      title={<h2 className="drawer-title">{name}</h2>}
      onClose={() => void navigate({ to: '/customers', search: old => old })}
      closable={{ 'aria-label': t('action.close') }}
    >
      <Loaded query={query} height={420}>
        {customer => <Story customer={customer} />}
      </Loaded>
    </Drawer>
  );
}

function Story({ customer }: { customer: Customer }) {
  return (
    <article className="story">
      <Who customer={customer} />
      {customer.scores.map(score => (
        <div key={score.scenario}>
          <ScoreStory score={score} currency={customer.currency} />
          <WhatIf customerId={customer.customer_id} score={score} />
        </div>
      ))}
      <Consents customer={customer} />
      <Timeline id={customer.customer_id} currency={customer.currency} />
    </article>
  );
}

function Who({ customer }: { customer: Customer }) {
  const { t } = useTranslation();
  const format = useFormat();
  const facts = [
    [t('customers.email'), customer.email],
    [t('customer.phone'), customer.phone],
    [t('customer.place'), [customer.city, customer.country].filter(Boolean).join(', ')],
    [t('customer.age'), customer.age === null ? '' : format.count(customer.age)],
    [t('customer.language'), customer.language],
    [t('customer.zone'), customer.timezone],
    [t('customer.aliases'), customer.aliases.filter(alias => alias !== customer.customer_id).join(', ')],
  ].filter(([, value]) => value);
  const words = {
    count: customer.orders,
    orders: format.count(customer.orders),
    revenue: format.money(customer.revenue, customer.currency),
    since: customer.first_order_at === null ? '' : format.day(customer.first_order_at),
    last: customer.last_order_at === null ? '' : format.ago(customer.last_order_at, Date.now()),
  };
  return (
    <section aria-label={t('customer.who')}>
      <p className="drawer-answer">
        <Rich text={customer.orders > 0 ? t('customer.answer', words) : t('customer.answer.none')} />
      </p>
      {customer.suppressed && <Badge tone="warn">{t('customer.suppressed')}</Badge>}
      <dl className="facts">
        <div>
          <dt>{t('customer.id')}</dt>
          <dd>
            <code>{customer.customer_id}</code>
          </dd>
        </div>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
