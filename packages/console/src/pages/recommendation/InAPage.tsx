import { api } from '@bellwether/contracts';
import { recommendations } from '@bellwether/sdk';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '../../app/api.ts';
import { Section } from '../../parts/Page.tsx';
import { Fault, Skeleton } from '../../parts/states.tsx';

/** The line that a shop copies into its page, and what it will look like there. */
export function InAPage() {
  const { t, i18n } = useTranslation();
  const [surface, setSurface] = useState('home');
  const { data, error, refetch } = useApi(api.impressions.setup, {});
  const title = t('rec.widget.title');
  if (data === undefined)
    return error ? <Fault error={error} retry={() => void refetch()} /> : <Skeleton height={240} />;
  const key = data.write_key ?? 'bw_track_…';
  const snippet = `<script src="${data.script_url}" data-key="${key}" data-surface="${attribute(surface)}" data-k="4" data-title="${attribute(title)}" async></script>`;
  return (
    <Section title={t('rec.widget')} note={t('rec.widget.note')}>
      {data.write_key === null && <p className="advice">{t('rec.widget.noKey')}</p>}
      <label className="field rec-field">
        <span>{t('rec.widget.surface')}</span>
        <input value={surface} maxLength={100} onChange={event => setSurface(event.target.value)} />
      </label>
      <pre className="rec-snippet" tabIndex={0}>
        <code>{snippet}</code>
      </pre>
      <div className="actions">
        <button type="button" className="button" onClick={() => void navigator.clipboard.writeText(snippet)}>
          {t('rec.widget.copy')}
        </button>
      </div>
      <p className="note">
        {t('rec.widget.mail', {
          tag: '<mj-recommendations products="3" />',
          block: '{{ recommendations | limit: 3 }}',
        })}
      </p>
      {data.write_key !== null && <Preview writeKey={data.write_key} title={title} locale={i18n.language} />}
    </Section>
  );
}

const attribute = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;');

/** The widget itself, without a visitor: nothing is kept or counted. */
function Preview({ writeKey, title, locale }: { writeKey: string; title: string; locale: string }) {
  const { t } = useTranslation();
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (place.current === null) return;
    const widget = recommendations({
      ...{ element: place.current, writeKey, baseUrl: '', k: 4, title, locale, consent: false },
    });
    return () => widget.remove();
  }, [writeKey, title, locale]);
  return (
    <>
      <h3 className="rec-preview-title">{t('rec.widget.preview')}</h3>
      <div ref={place} className="rec-preview" />
    </>
  );
}
