import { api, type Customer, type CustomerProfile } from '@bellwether/contracts';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../app/api.ts';
import { useFormat } from '../../format/useFormat.ts';
import { Section } from '../../parts/Page.tsx';
import { Rich } from '../../parts/Rich.tsx';
import { useLookup } from '../../parts/useLookup.ts';
import { useWords } from '../../parts/useWords.ts';

/** Where they stand: stage of their life with the shop, segment, recency and value by fifths, tags with what they rest on. */
export function Standing({ customer }: { customer: Customer }) {
  const { t } = useTranslation();
  const say = useWords();
  const { data: profile } = useApi(api.profile.customer, { params: { id: customer.customer_id } });
  const { stage } = customer;
  const segment = profile?.segment ?? null;
  const rfm = profile?.rfm ?? null;
  const tags = profile?.tags ?? [];
  if (stage === null && segment === null && rfm === null && tags.length === 0) return null;
  return (
    <Section title={t('customer.standing')}>
      <ul className="standing">
        {stage !== null && <StageLine stage={stage} />}
        {segment !== null && <SegmentLine segment={segment} />}
        {rfm !== null && <FifthsLine rfm={rfm} />}
      </ul>
      {tags.length > 0 && (
        <p className="tags" aria-label={t('customer.tags')}>
          {tags.map(tag => (
            <span key={tag.name} className="badge" title={say(tag.rule)}>
              {say(tag.words)}
            </span>
          ))}
        </p>
      )}
    </Section>
  );
}

function StageLine({ stage }: { stage: NonNullable<Customer['stage']> }) {
  const { t } = useTranslation();
  const format = useFormat();
  const name = useLookup()('customerStage', stage.stage);
  return (
    <li>
      <Rich
        text={t('customer.stage', {
          stage: name,
          p: format.percent(stage.alive, 0),
          n: format.decimal(stage.orders_90, 1),
          range: `${format.count(stage.orders_90_low)}–${format.count(stage.orders_90_high)}`,
        })}
      />
    </li>
  );
}

function SegmentLine({ segment }: { segment: NonNullable<CustomerProfile['segment']> }) {
  const { t } = useTranslation();
  const say = useWords();
  const words = { name: say(segment.name) };
  return (
    <li>
      <Rich
        text={segment.closeness >= 0.5 ? t('customer.segment.near', words) : t('customer.segment', words)}
      />{' '}
      <Link to="/models/$name" params={{ name: 'customer-profile' }} className="link">
        {t('computed.model')}
      </Link>
    </li>
  );
}

function FifthsLine({ rfm }: { rfm: NonNullable<CustomerProfile['rfm']> }) {
  const { t } = useTranslation();
  const say = useWords();
  const { recency, frequency, monetary } = rfm;
  const words = { group: say(rfm.words), r: String(recency), f: String(frequency), m: String(monetary) };
  return (
    <li>
      <Rich text={t('customer.rfm', words)} />
    </li>
  );
}
