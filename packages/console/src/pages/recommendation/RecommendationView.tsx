import { api, type RecommendationSettings } from '@bellwether/contracts';
import { useState } from 'react';
import { useApi } from '../../app/api.ts';
import { Fault, Skeleton } from '../../parts/states.tsx';
import { Holdout } from './Holdout.tsx';
import { InAPage } from './InAPage.tsx';
import { Results } from './Results.tsx';
import { Rules } from './Rules.tsx';
import { TryIt } from './TryIt.tsx';

/** What recommendations are worth, what they would show, what a person rules of them, and how a shop shows them. */
export function RecommendationView() {
  const rules = useApi(api.recommendation.settings, {});
  const results = useApi(api.impressions.results, {}, { every: 60_000 });
  const [draft, setDraft] = useState<RecommendationSettings>();
  const settings = draft ?? rules.data;
  return (
    <>
      {results.data ? (
        <Results results={results.data} />
      ) : results.error ? (
        <Fault error={results.error} retry={() => void results.refetch()} />
      ) : (
        <Skeleton height={280} />
      )}
      {settings && rules.data ? (
        <>
          <TryIt settings={settings} />
          <Rules settings={settings} isChanged={draft !== undefined} change={setDraft} />
        </>
      ) : (
        <Skeleton height={320} />
      )}
      <Holdout />
      <InAPage />
    </>
  );
}
