import { api } from '@bellwether/contracts';
import { Link, useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Icon } from '../../parts/Icon.tsx';
import { queries, useApi, useCall } from '../api.ts';
import { usePreferences, type ThemeChoice } from '../preferences.tsx';
import { JobsMenu } from './JobsMenu.tsx';

interface TopBarProps {
  onSearch: () => void;
  onMenu: () => void;
}

export function TopBar({ onSearch, onMenu }: TopBarProps) {
  const { t } = useTranslation();
  return (
    <header className="topbar">
      <button type="button" className="bare menu-button" onClick={onMenu} aria-label={t('nav.label')}>
        <Icon name="menu" />
      </button>
      <button type="button" className="search-button" onClick={onSearch}>
        <Icon name="search" size={16} />
        <span>{t('palette.open')}</span>
        <kbd>{isMac() ? '⌘' : 'Ctrl'} K</kbd>
      </button>
      <DemoMark />
      <div className="topbar-end">
        <JobsMenu />
        <LanguageSwitch />
        <ThemeSwitch />
        <AccountMenu />
      </div>
    </header>
  );
}

const isMac = (): boolean => /mac|iphone|ipad/i.test(navigator.userAgent);

/** Nobody should take the demo market for a shop. */
function DemoMark() {
  const { t } = useTranslation();
  const { data } = useApi(api.system.status, {}, { every: 30_000 });
  return data?.demo ? (
    <span className="demo-mark" title={t('demo.why')}>
      {t('demo.mark')}
    </span>
  ) : null;
}

function LanguageSwitch() {
  const { t } = useTranslation();
  const { locale, setLocale } = usePreferences();
  const other = locale === 'en' ? 'zh-CN' : 'en';
  return (
    <button
      type="button"
      className="bare"
      lang={other}
      onClick={() => setLocale(other)}
      title={t('language.other')}
    >
      {other === 'en' ? 'English' : '中文'}
    </button>
  );
}

const THEMES: Record<ThemeChoice, { next: ThemeChoice; icon: 'sun' | 'moon' | 'screen' }> = {
  light: { next: 'dark', icon: 'sun' },
  dark: { next: 'system', icon: 'moon' },
  system: { next: 'light', icon: 'screen' },
};

function ThemeSwitch() {
  const { t } = useTranslation();
  const { theme, setTheme } = usePreferences();
  const label = t('theme.label', { theme: t(`theme.${theme}`) });
  return (
    <button
      type="button"
      className="bare"
      onClick={() => setTheme(THEMES[theme].next)}
      aria-label={label}
      title={label}
    >
      <Icon name={THEMES[theme].icon} />
    </button>
  );
}

function AccountMenu() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { data: user } = useApi(api.account.me, {});
  const signOut = useCall(api.account.signOut);
  const leave = async () => {
    await signOut.mutateAsync({});
    queries.clear();
    await navigate({ to: '/sign-in' });
  };
  return (
    <>
      <button type="button" className="bare" popoverTarget="account" aria-label={t('account.menu')}>
        <Icon name="person" />
      </button>
      <div id="account" popover="auto" className="menu menu-account">
        {user && (
          <p className="menu-head">
            <b>{user.name}</b>
            <span className="quiet">
              {user.email} · {t(`role.${user.role}`)}
            </span>
          </p>
        )}
        <Link
          to="/settings"
          className="menu-line"
          onClick={() => document.getElementById('account')?.hidePopover()}
        >
          {t('nav.settings')}
        </Link>
        <a className="menu-line" href="/docs">
          {t('account.api')}
        </a>
        <button type="button" className="menu-line" onClick={() => void leave()}>
          {t('account.signOut')}
        </button>
      </div>
    </>
  );
}
