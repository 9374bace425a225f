import { api, type RecommendationDials, type RecommendationSettings } from '@bellwether/contracts';
import { useTranslation } from 'react-i18next';
import { useCall } from '../../app/api.ts';
import { useFormat } from '../../format/useFormat.ts';
import { Section } from '../../parts/Page.tsx';
import { Fault } from '../../parts/states.tsx';
import { ProductSearch } from './ProductSearch.tsx';

interface RulesProps {
  settings: RecommendationSettings;
  isChanged: boolean;
  /** Nothing takes the changes back. */
  change: (settings: RecommendationSettings | undefined) => void;
}

/** Dials, pinned and blocked products; nothing holds before it is kept. */
export function Rules({ settings, isChanged, change }: RulesProps) {
  const { t } = useTranslation();
  const keep = useCall(api.recommendation.setSettings, [
    api.recommendation.settings,
    api.impressions.preview,
  ]);
  const { pins, blocked } = settings;
  const pin = (product_id: string) =>
    change({ ...settings, pins: [...pins.filter(one => one.product_id !== product_id), { product_id }] });
  const block = (name: string) => change({ ...settings, blocked: [...new Set([...blocked, name])] });
  return (
    <Section
      title={t('rec.rules')}
      note={t('rec.rules.note')}
      aside={
        <>
          <button type="button" className="button" disabled={!isChanged} onClick={() => change(undefined)}>
            {t('rec.undo')}
          </button>
          <button
            type="button"
            className="button main-button"
            disabled={!isChanged || keep.isPending}
            onClick={() => keep.mutate({ body: settings }, { onSuccess: () => change(undefined) })}
          >
            {t('rec.keep')}
          </button>
        </>
      }
    >
      {keep.error && <Fault error={keep.error} />}
      <div className="rec-columns">
        <Dials dials={settings.dials} change={dials => change({ ...settings, dials })} />
        <div>
          <ProductSearch
            actions={({ product_id, category }) => (
              <>
                <button type="button" className="button" onClick={() => pin(product_id)}>
                  {t('rec.pin')}
                </button>
                <button type="button" className="button" onClick={() => block(product_id)}>
                  {t('rec.block')}
                </button>
                {category !== '' && (
                  <button type="button" className="button" onClick={() => block(category)}>
                    {t('rec.block')}: {category}
                  </button>
                )}
              </>
            )}
          />
          <Pins settings={settings} change={change} />
          <Blocked settings={settings} change={change} />
        </div>
      </div>
    </Section>
  );
}

interface DialsProps {
  dials: RecommendationDials;
  change: (dials: RecommendationDials) => void;
}

function Dials({ dials, change }: DialsProps) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <div>
      {(['diversity', 'novelty', 'margin'] as const).map(name => (
        <label key={name} className="rec-dial">
          <span>
            {t(`rec.dial.${name}`)} <span className="note">{t(`rec.dial.${name}.note`)}</span>
          </span>
          <input
            type="range"
            min={0}
            max={1}
            step={0.05}
            value={dials[name]}
            aria-valuetext={format.percent(dials[name], 0)}
            onChange={event => change({ ...dials, [name]: Number(event.target.value) })}
          />
          <output className="figures">{format.percent(dials[name], 0)}</output>
        </label>
      ))}
      {(['stock', 'repeats'] as const).map(name => (
        <label key={name} className="rec-switch">
          <input
            type="checkbox"
            checked={dials[name]}
            onChange={event => change({ ...dials, [name]: event.target.checked })}
          />
          {t(`rec.dial.${name}`)}
        </label>
      ))}
    </div>
  );
}

type ListProps = Omit<RulesProps, 'isChanged'>;

function Pins({ settings, change }: ListProps) {
  const { t } = useTranslation();
  const { pins } = settings;
  const place = (product_id: string, text: string) => {
    const position = Number(text);
    const changed = pins.map(({ position: _, ...pin }) => ({
      ...pin,
      ...(_ === undefined ? {} : { position: _ }),
    }));
    const next = changed.map(pin =>
      pin.product_id === product_id && position >= 1 && position <= 100 ? { ...pin, position } : pin,
    );
    change({ ...settings, pins: next });
  };
  return (
    <>
      <h3>{t('rec.pins')}</h3>
      {pins.length === 0 && <p className="note">{t('rec.pins.none')}</p>}
      <ul className="rec-list">
        {pins.map(({ product_id, position, surface }) => (
          <li key={product_id}>
            <span>
              {product_id} {surface !== undefined && <small className="quiet">{surface}</small>}
            </span>
            <span className="actions">
              <input
                type="number"
                min={1}
                max={100}
                value={position ?? ''}
                aria-label={t('rec.pin.place', { name: product_id })}
                onChange={event => place(product_id, event.target.value)}
              />
              <Remove
                name={product_id}
                act={() => change({ ...settings, pins: pins.filter(pin => pin.product_id !== product_id) })}
              />
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}

function Blocked({ settings, change }: ListProps) {
  const { t } = useTranslation();
  const { blocked } = settings;
  return (
    <>
      <h3>{t('rec.blocked')}</h3>
      {blocked.length === 0 && <p className="note">{t('rec.blocked.none')}</p>}
      <ul className="rec-list">
        {blocked.map(name => (
          <li key={name}>
            <span>{name}</span>
            <Remove
              name={name}
              act={() => change({ ...settings, blocked: blocked.filter(other => other !== name) })}
            />
          </li>
        ))}
      </ul>
    </>
  );
}

function Remove({ name, act }: { name: string; act: () => void }) {
  const { t } = useTranslation();
  return (
    <button type="button" className="button" aria-label={t('rec.remove', { name })} onClick={act}>
      ×
    </button>
  );
}
