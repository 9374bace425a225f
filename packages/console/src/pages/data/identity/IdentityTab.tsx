import { api, type DuplicateRun } from '@bellwether/contracts';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../../app/api.ts';
import { useFormat } from '../../../format/useFormat.ts';
import { Computed } from '../../../parts/Computed.tsx';
import { Section } from '../../../parts/Page.tsx';
import { Rich } from '../../../parts/Rich.tsx';
import { Empty, Loaded } from '../../../parts/states.tsx';
import { Ago } from '../../../parts/time.tsx';
import { SIZE, type Filter, type QueuePage } from './filter.ts';
import { Learned } from './Learned.tsx';
import { LookAgain } from './LookAgain.tsx';
import { Merges } from './Merges.tsx';
import { Queue } from './Queue.tsx';

/** Who is probably one person, by what evidence; a person decides, and every decision can be taken back. */
export function IdentityTab() {
  const [filter, setFilter] = useState<Filter>({ state: 'open', least: 0, search: '', field: '', page: 0 });
  const { page, ...asked } = filter;
  const input = { query: { ...asked, offset: page * SIZE, limit: SIZE } };
  const query = useApi(api.duplicates.list, input, { keep: true });
  return (
    <>
      <Loaded query={query} height={420}>
        {found => (
          <>
            <Duplicates found={found} filter={filter} onFilter={setFilter} />
            {found.run && <Learned run={found.run} />}
          </>
        )}
      </Loaded>
      <Merges />
    </>
  );
}

interface DuplicatesProps {
  found: QueuePage;
  filter: Filter;
  onFilter: (next: Filter) => void;
}

function Duplicates({ found, filter, onFilter }: DuplicatesProps) {
  const { t } = useTranslation();
  const { run, counts } = found;
  const decided = counts.merged + counts.refused;
  return (
    <Section title={t('duplicates.title')} note={<Answer found={found} />} aside={<LookAgain run={run} />}>
      {run === null || counts.open + decided === 0 ? (
        <Empty
          title={t(run === null ? 'duplicates.never.title' : 'duplicates.none.title')}
          teach={t(run === null ? 'duplicates.never.teach' : 'duplicates.none.teach')}
        />
      ) : (
        <Queue found={found} filter={filter} onFilter={onFilter} />
      )}
      {run && <RunComputed run={run} />}
    </Section>
  );
}

function Answer({ found: { run, counts } }: { found: QueuePage }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (run === null) return t('duplicates.note');
  const words = { count: counts.open, n: format.count(counts.open), of: format.brief(run.customers) };
  return (
    <>
      <Rich text={t('duplicates.answer', words)} /> {t('duplicates.note')}
    </>
  );
}

function RunComputed({ run }: { run: DuplicateRun }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <Computed
      facts={[
        ['n', t('duplicates.computed.n', { n: format.count(run.customers) })],
        [t('duplicates.computed.compared'), format.count(run.compared)],
        [t('duplicates.computed.took'), format.duration(run.seconds)],
        [t('computed.asOf'), <Ago key="ago" at={run.at} />],
      ]}
    />
  );
}
