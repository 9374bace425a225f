import { api, HOLDOUT_SHOWS, HoldoutShows, RecommendationUse } from '@bellwether/contracts';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi, useCall } from '../../app/api.ts';
import { useFormat } from '../../format/useFormat.ts';
import { Section } from '../../parts/Page.tsx';
import { Fault, Skeleton } from '../../parts/states.tsx';

/** Who is left out, so that it is known what the rest is worth; and which pages may show the widget. */
export function Holdout() {
  const { t } = useTranslation();
  const { data, error, refetch } = useApi(api.impressions.use, {});
  return (
    <Section title={t('rec.use')} note={t('rec.use.note')}>
      {data ? (
        <Form key={JSON.stringify(data)} use={data} />
      ) : error ? (
        <Fault error={error} retry={() => void refetch()} />
      ) : (
        <Skeleton height={120} />
      )}
    </Section>
  );
}

function Form({ use }: { use: RecommendationUse }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [draft, setDraft] = useState(use);
  const [origins, setOrigins] = useState(use.origins.join('\n'));
  const keep = useCall(api.impressions.setUse, [api.impressions.use, api.impressions.results]);
  const written = {
    ...draft,
    origins: origins
      .split('\n')
      .map(line => line.trim())
      .filter(line => line !== ''),
  };
  const parsed = RecommendationUse.safeParse(written);
  const { holdout } = draft;
  return (
    <form
      className="rec-use"
      onSubmit={event => {
        event.preventDefault();
        if (parsed.success) keep.mutate({ body: parsed.data });
      }}
    >
      <label className="rec-dial">
        <span>{t('rec.use.share')}</span>
        <input
          type="range"
          min={0}
          max={0.5}
          step={0.01}
          value={holdout.share}
          aria-valuetext={format.percent(holdout.share, 0)}
          onChange={event =>
            setDraft({ ...draft, holdout: { ...holdout, share: Number(event.target.value) } })
          }
        />
        <output className="figures">{format.percent(holdout.share, 0)}</output>
      </label>
      <div className="rec-asked">
        <label className="field">
          <span>{t('rec.use.shows')}</span>
          <select
            value={holdout.shows}
            onChange={event =>
              setDraft({ ...draft, holdout: { ...holdout, shows: HoldoutShows.parse(event.target.value) } })
            }
          >
            {HOLDOUT_SHOWS.map(shows => (
              <option key={shows} value={shows}>
                {t(`rec.use.${shows}`)}
              </option>
            ))}
          </select>
        </label>
        <label className="field">
          <span>{t('rec.use.window')}</span>
          <input
            type="number"
            min={1}
            max={90}
            value={draft.window_days}
            onChange={event => setDraft({ ...draft, window_days: Number(event.target.value) })}
          />
        </label>
      </div>
      <label className="field">
        <span>{t('rec.use.origins')}</span>
        <textarea
          rows={2}
          value={origins}
          placeholder={t('rec.use.origins.hint')}
          onChange={event => setOrigins(event.target.value)}
        />
      </label>
      {!parsed.success && <p className="field-fault">{parsed.error.issues[0]?.message}</p>}
      {keep.error && <Fault error={keep.error} />}
      <div className="actions">
        <button type="submit" className="button main-button" disabled={!parsed.success || keep.isPending}>
          {t('rec.use.keep')}
        </button>
        {keep.isSuccess && <span className="note">{t('rec.kept')}</span>}
      </div>
    </form>
  );
}
