import { api } from '@bellwether/contracts';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { faultOf, queries, statusOf, useCall } from '../../app/api.ts';
import { usePreferences } from '../../app/preferences.tsx';
import { Mark } from '../../app/shell/Rail.tsx';

/** One form, one picture of what is behind it. */
export function SignIn() {
  const { t } = useTranslation();
  const { locale, setLocale } = usePreferences();
  const other = locale === 'en' ? 'zh-CN' : 'en';
  useEffect(() => {
    document.title = `${t('signIn.title')} · Bellwether`;
  }, [t]);
  return (
    <main className="sign-in">
      <section className="sign-in-form">
        <div className="brand">
          <Mark />
          <span>Bellwether</span>
        </div>
        <h1>{t('signIn.title')}</h1>
        <SignInForm />
        <button type="button" className="link" lang={other} onClick={() => setLocale(other)}>
          {other === 'en' ? 'English' : '中文'}
        </button>
      </section>
      <section className="sign-in-side" aria-hidden="true">
        <p>{t('signIn.promise')}</p>
        <Horizon />
      </section>
    </main>
  );
}

function SignInForm() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { to } = useSearch({ from: '/sign-in' });
  const signIn = useCall(api.account.signIn);
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const submit = async () => {
    const user = await signIn.mutateAsync({ body: { email, password } }).catch(() => undefined);
    if (user === undefined) return;
    queries.setQueryData([api.account.me.path, {}], user);
    await navigate({ to: to?.startsWith('/') && !to.startsWith('//') ? to : '/' });
  };
  return (
    <form
      onSubmit={event => {
        event.preventDefault();
        void submit();
      }}
    >
      <label>
        {t('signIn.email')}
        <input
          type="email"
          autoComplete="username"
          required
          autoFocus
          value={email}
          onChange={event => setEmail(event.target.value)}
        />
      </label>
      <label>
        {t('signIn.password')}
        <input
          type="password"
          autoComplete="current-password"
          required
          value={password}
          onChange={event => setPassword(event.target.value)}
        />
      </label>
      {signIn.error && (
        <p className="field-fault" role="alert">
          {statusOf(signIn.error) === 401 ? t('signIn.wrong') : faultOf(signIn.error).sentence}
        </p>
      )}
      <button type="submit" className="button main-button" disabled={signIn.isPending}>
        {t('signIn.do')}
      </button>
      <p className="note">{t('signIn.first')}</p>
    </form>
  );
}

/** Past as a line, future as a widening band: what the product is about. */
function Horizon() {
  return (
    <svg viewBox="0 0 400 220" preserveAspectRatio="xMidYMid meet">
      <path className="horizon-band" d="M210 116C260 100 310 70 390 20V150C320 138 260 132 210 116" />
      <path className="horizon-past" d="M10 180c40-6 60-40 96-36s44 30 104-28" />
      <path className="horizon-next" d="M210 116c56-22 110-34 180-44" />
      <path className="horizon-now" d="M210 20v180" />
      <circle className="horizon-dot" cx="210" cy="116" r="5" />
    </svg>
  );
}
