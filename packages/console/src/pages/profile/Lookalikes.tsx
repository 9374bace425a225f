import {
  api,
  RFM_GROUPS,
  type Lookalike,
  type LookalikeMember,
  type LookalikeSeed,
  type ProfileOverview,
} from '@bellwether/contracts';
import { getRouteApi } from '@tanstack/react-router';
import { Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { client, useApi, useCall } from '../../app/api.ts';
import { range } from '../../format/sentences.ts';
import { useFormat } from '../../format/useFormat.ts';
import { csvOf, download } from '../../parts/csv.ts';
import { Rich } from '../../parts/Rich.tsx';
import { Empty, Fault, Loaded } from '../../parts/states.tsx';
import { useToaster } from '../../parts/Toaster.tsx';
import { useWords } from '../../parts/useWords.ts';

const route = getRouteApi('/shell/models/$name');

/** Choose people; the most alike of the others are found, with how far to believe it. */
export function Lookalikes({ overview }: { overview: ProfileOverview | null }) {
  const { t } = useTranslation();
  const query = useApi(api.profile.lookalikes, {});
  return (
    <>
      <p className="profile-answer">{t('alike.answer')}</p>
      <Make overview={overview} />
      <Loaded query={query} height={200}>
        {made =>
          made.length === 0 ? (
            <Empty title={t('alike.empty.title')} teach={t('alike.empty.teach')} />
          ) : (
            <div className="alike-list">
              {made.map(each => (
                <Made key={each.id} made={each} />
              ))}
            </div>
          )
        }
      </Loaded>
    </>
  );
}

interface Seed {
  value: string;
  label: string;
}

/** What may be chosen as a seed, as `kind:name`. */
function useSeeds(overview: ProfileOverview | null): { label: string; options: Seed[] }[] {
  const { t } = useTranslation();
  const say = useWords();
  const { data: audiences = [] } = useApi(api.engagement.audiences, {});
  const { data: rfm } = useApi(api.profile.rfm, {});
  const groups = RFM_GROUPS.flatMap(group => rfm?.groups.filter(each => each.group === group) ?? []);
  return [
    {
      label: t('alike.segments'),
      options: (overview?.segments ?? []).map(each => ({
        value: `segment:${each.key}`,
        label: say(each.name),
      })),
    },
    {
      label: t('alike.rfm'),
      options: groups.map(each => ({ value: `rfm:${each.group}`, label: say(each.words) })),
    },
    {
      label: t('alike.audiences'),
      options: audiences.map(each => ({ value: `audience:${each.id}`, label: each.name })),
    },
    {
      label: t('profile.tags'),
      options: (overview?.tags ?? [])
        .filter(tag => tag.customers > 0)
        .map(tag => ({ value: `tag:${tag.name}`, label: say(tag.words) })),
    },
  ].filter(({ options }) => options.length > 0);
}

function seedOf(value: string): LookalikeSeed | undefined {
  const at = value.indexOf(':');
  const [kind, name] = [value.slice(0, at), value.slice(at + 1)];
  if (kind === 'segment') return { kind, segment: name };
  if (kind === 'audience') return { kind, audience: name };
  if (kind === 'tag') return { kind, tag: name };
  const group = RFM_GROUPS.find(each => each === name);
  return group && { kind: 'rfm', group };
}

function Make({ overview }: { overview: ProfileOverview | null }) {
  const { t } = useTranslation();
  const { seed: wanted } = route.useSearch();
  const seeds = useSeeds(overview);
  const [chosen, setChosen] = useState(wanted);
  const [size, setSize] = useState('500');
  const make = useCall(api.profile.makeLookalike, [api.profile.lookalikes]);
  const seed = chosen === undefined ? undefined : seedOf(chosen);
  const label = seeds.flatMap(({ options }) => options).find(({ value }) => value === chosen)?.label ?? '';
  const wants = Math.floor(Number(size));
  return (
    <form
      className="card alike-form"
      onSubmit={event => {
        event.preventDefault();
        if (seed) make.mutate({ body: { name: t('alike.like', { name: label }), seed, size: wants } });
      }}
    >
      <label className="field">
        {t('alike.seed')}
        <Select value={chosen ?? null} onChange={setChosen} options={seeds} placeholder={t('alike.choose')} />
      </label>
      <label className="field">
        {t('alike.size')}
        <input
          className="input"
          type="number"
          min={1}
          value={size}
          onChange={event => setSize(event.target.value)}
        />
      </label>
      <button
        type="submit"
        className="button main-button"
        disabled={seed === undefined || !(wants > 0) || make.isPending}
      >
        {t(make.isPending ? 'alike.finding' : 'alike.find')}
      </button>
      {make.error && <Fault error={make.error} />}
    </form>
  );
}

const AUC = 2;

function Made({ made }: { made: Lookalike }) {
  const { t } = useTranslation();
  const format = useFormat();
  const say = useWords();
  const sentence = t('alike.quality', {
    auc: format.decimal(made.auc.value ?? 0, AUC),
    range: range(made.auc, value => format.decimal(value, AUC)),
    seed: format.count(made.seed_customers),
  });
  return (
    <section className="card" aria-label={made.name}>
      <h3>{made.name}</h3>
      <p>
        <Rich text={t('alike.found', { n: format.count(made.size), of: format.count(made.candidates) })} />
      </p>
      <p className="note">{sentence}</p>
      <ul className="moves">
        {made.differences.slice(0, 4).map(({ feature, words, unit, inside, outside }) => {
          const told = (value: number): string =>
            unit === 'share' ? format.percent(value) : format.decimal(value, Math.abs(value) < 20 ? 1 : 0);
          return (
            <li key={feature}>
              {say(words).replace('{value}', told(inside))}{' '}
              <span className="note">{t('profile.others', { value: told(outside) })}</span>
            </li>
          );
        })}
      </ul>
      <Use made={made} />
    </section>
  );
}

function Use({ made }: { made: Lookalike }) {
  const { t } = useTranslation();
  const toaster = useToaster();
  const create = useCall(api.engagement.createAudience, [api.engagement.audiences]);
  const { scenario, name } = made;
  const definition = { scenario, min_probability: 0, max_probability: 1, chosen_only: true };
  return (
    <div className="actions">
      <button
        type="button"
        className="button main-button"
        disabled={create.isPending}
        onClick={() =>
          create.mutate(
            { body: { name, definition } },
            {
              onError: error => toaster.fault(error),
              onSuccess: audience => toaster.done(t('audiences.made', { name: audience.name })),
            },
          )
        }
      >
        {t('alike.audience')}
      </button>
      <button
        type="button"
        className="button"
        onClick={() => void exported(made).catch(error => toaster.fault(error))}
      >
        {t('alike.csv')}
      </button>
    </div>
  );
}

const COLUMNS = ['customer_id', 'name', 'email', 'score', 'low', 'high', 'orders', 'revenue'] as const;

async function exported({ id, name }: Lookalike): Promise<void> {
  const input = { params: { id }, query: { limit: 100_000 } };
  const rows: LookalikeMember[] = await client.call(api.profile.lookalikeMembers, input);
  download(
    `${name}.csv`,
    csvOf(
      COLUMNS,
      rows.map(row => COLUMNS.map(column => row[column])),
    ),
  );
}
