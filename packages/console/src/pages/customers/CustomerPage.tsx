import { api, type Customer } from '@bellwether/contracts';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../app/api.ts';
import { useFormat } from '../../format/useFormat.ts';
import { Badge } from '../../parts/Badge.tsx';
import { Page, Section } from '../../parts/Page.tsx';
import { Rich } from '../../parts/Rich.tsx';
import { Empty, Loaded } from '../../parts/states.tsx';
import { Consents } from './Consents.tsx';
import { Facts } from './Facts.tsx';
import { KnownAs } from './KnownAs.tsx';
import { Messages } from './Messages.tsx';
import { Orders } from './Orders.tsx';
import { Profiling } from './Profiling.tsx';
import { Rights } from './Rights.tsx';
import { ScoreStory } from './ScoreStory.tsx';
import { Similar } from './Similar.tsx';
import { Standing } from './Standing.tsx';
import { Suggested } from './Suggested.tsx';
import { Timeline } from './Timeline.tsx';
import { WhatIf } from './WhatIf.tsx';

const route = getRouteApi('/shell/customers/$id');

/** One customer as a story: who, what now, why, what they bought, what was sent, what they did, and their rights. */
export function CustomerPage() {
  const { t } = useTranslation();
  const { id } = route.useParams();
  const search = route.useSearch();
  const query = useApi(api.customers.get, { params: { id } });
  const customer = query.data;
  return (
    <Page
      title={customer?.name || id}
      answer={customer && <Answer customer={customer} />}
      actions={
        <Link to="/customers" search={search} className="button">
          {t('customer.back')}
        </Link>
      }
    >
      <Loaded query={query} height={520}>
        {found => <Story key={found.customer_id} customer={found} />}
      </Loaded>
    </Page>
  );
}

function Answer({ customer }: { customer: Customer }) {
  const { t } = useTranslation();
  const format = useFormat();
  const words = {
    count: customer.orders,
    orders: format.count(customer.orders),
    revenue: format.money(customer.revenue, customer.currency),
    since: customer.first_order_at === null ? '' : format.day(customer.first_order_at),
    last: customer.last_order_at === null ? '' : format.ago(customer.last_order_at, Date.now()),
  };
  return (
    <>
      <Rich text={customer.orders > 0 ? t('customer.answer', words) : t('customer.answer.none')} />
      <span className="customer-badges">
        {customer.suppressed && <Badge tone="warn">{t('customer.suppressed')}</Badge>}
        {customer.profiling.objects && <Badge tone="warn">{t('customer.objects')}</Badge>}
      </span>
    </>
  );
}

function Story({ customer }: { customer: Customer }) {
  const { customer_id: id, currency } = customer;
  return (
    <div className="customer-columns">
      <div>
        <Standing customer={customer} />
        <Scores customer={customer} />
        <Orders id={id} currency={currency} />
        <Messages id={id} />
        <section className="section card">
          <Timeline id={id} currency={currency} />
        </section>
        {!customer.profiling.objects && <Similar id={id} currency={currency} />}
        {!customer.profiling.objects && <Suggested id={id} />}
      </div>
      <div>
        <Facts customer={customer} />
        <KnownAs customer={customer} />
        <div className="section card">
          <Consents customer={customer} />
          <Profiling customer={customer} />
        </div>
        <Rights customer={customer} />
      </div>
    </div>
  );
}

/** What now and why; where nothing is told, the reason for that. */
function Scores({ customer }: { customer: Customer }) {
  const { t } = useTranslation();
  const { scores, currency, customer_id, profiling } = customer;
  if (scores.length === 0)
    return (
      <Section title={t('customer.now')}>
        <Empty
          title={t(profiling.objects ? 'customer.noScore.objects' : 'customer.noScore')}
          teach={t(profiling.objects ? 'customer.noScore.objectsTeach' : 'customer.noScore.teach')}
        />
      </Section>
    );
  return scores.map(score => (
    <div key={score.scenario} className="section card">
      <ScoreStory score={score} currency={currency} />
      <WhatIf customerId={customer_id} score={score} />
    </div>
  ));
}
