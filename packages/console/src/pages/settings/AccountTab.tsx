import { api } from '@bellwether/contracts';
import { Segmented } from 'antd';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { faultOf, useApi, useCall } from '../../app/api.ts';
import { usePreferences } from '../../app/preferences.tsx';
import { Section } from '../../parts/Page.tsx';
import { useToaster } from '../../parts/Toaster.tsx';

export function AccountTab() {
  const { t } = useTranslation();
  const { data: user } = useApi(api.account.me, {});
  const { locale, setLocale, theme, setTheme } = usePreferences();
  return (
    <div className="settings">
      <Section
        title={t('settings.you')}
        note={user ? `${user.name} · ${user.email} · ${t(`role.${user.role}`)}` : ''}
      >
        <div className="field">
          <span>{t('settings.language')}</span>
          <Segmented
            aria-label={t('settings.language')}
            value={locale}
            onChange={setLocale}
            options={[
              { value: 'en', label: 'English' },
              { value: 'zh-CN', label: '中文' },
            ]}
          />
        </div>
        <div className="field">
          <span>{t('settings.theme')}</span>
          <Segmented
            aria-label={t('settings.theme')}
            value={theme}
            onChange={setTheme}
            options={(['light', 'dark', 'system'] as const).map(value => ({
              value,
              label: t(`theme.${value}`),
            }))}
          />
        </div>
      </Section>
      <PasswordForm />
    </div>
  );
}

/** The schema's own bound, said while typing. */
const SHORTEST = 10;

function PasswordForm() {
  const { t } = useTranslation();
  const toaster = useToaster();
  const change = useCall(api.account.changePassword);
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const isShort = next.length > 0 && next.length < SHORTEST;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change.mutate(
      { body: { current, next } },
      {
        onSuccess: () => {
          setCurrent('');
          setNext('');
          toaster.done(t('settings.password.done'));
        },
      },
    );
  };
  return (
    <Section title={t('settings.password')}>
      <form onSubmit={submit}>
        <label className="field">
          {t('settings.password.current')}
          <input
            className="input"
            type="password"
            autoComplete="current-password"
            required
            value={current}
            onChange={event => setCurrent(event.target.value)}
          />
        </label>
        <label className="field">
          {t('settings.password.next')}
          <input
            className="input"
            type="password"
            autoComplete="new-password"
            required
            minLength={SHORTEST}
            value={next}
            onChange={event => setNext(event.target.value)}
            aria-invalid={isShort}
          />
        </label>
        {isShort && <p className="field-fault">{t('settings.password.short', { n: SHORTEST })}</p>}
        {change.error && (
          <p className="field-fault" role="alert">
            {faultOf(change.error).sentence}
          </p>
        )}
        <button type="submit" className="button main-button" disabled={change.isPending || isShort}>
          {t('settings.password.do')}
        </button>
      </form>
    </Section>
  );
}
