import { createContext, use, useEffect, useMemo, useState, type ReactNode } from 'react';
import { isLocale, type Locale } from './i18n.ts';
import { applyTokens, dark, light, type Tokens } from './tokens.ts';

export type ThemeChoice = 'light' | 'dark' | 'system';

export interface Preferences {
  locale: Locale;
  setLocale: (locale: Locale) => void;
  theme: ThemeChoice;
  setTheme: (theme: ThemeChoice) => void;
  scheme: 'light' | 'dark';
  tokens: Tokens;
  /** The reader asked for less motion. */
  calm: boolean;
}

const Context = createContext<Preferences | null>(null);

/** Language, theme and motion, kept on this device. */
export function PreferencesProvider({ children }: { children: ReactNode }) {
  const [locale, setLocale] = useStored<Locale>('locale', firstLocale(), isLocale);
  const [theme, setTheme] = useStored<ThemeChoice>('theme', 'system', isThemeChoice);
  const prefersDark = useMedia('(prefers-color-scheme: dark)');
  const calm = useMedia('(prefers-reduced-motion: reduce)');
  const scheme = theme === 'system' ? (prefersDark ? 'dark' : 'light') : theme;
  const tokens = scheme === 'dark' ? dark : light;
  const value = useMemo(() => {
    applyTokens(tokens, scheme);
    document.documentElement.lang = locale;
    return { locale, setLocale, theme, setTheme, scheme, tokens, calm } as const;
  }, [locale, setLocale, theme, setTheme, scheme, tokens, calm]);
  return <Context value={value}>{children}</Context>;
}

export function usePreferences(): Preferences {
  const preferences = use(Context);
  if (preferences === null) throw new Error('usePreferences needs a PreferencesProvider above it');
  return preferences;
}

/** A choice kept in the browser under `bellwether.KEY`. */
export function useStored<T extends string>(
  key: string,
  initial: T,
  isValid: (value: string) => value is T,
): [T, (value: T) => void] {
  const [value, setValue] = useState<T>(() => {
    const stored = localStorage.getItem(`bellwether.${key}`);
    return stored !== null && isValid(stored) ? stored : initial;
  });
  const store = useMemo(
    () => (next: T) => {
      localStorage.setItem(`bellwether.${key}`, next);
      setValue(next);
    },
    [key],
  );
  return [value, store];
}

export function useMedia(query: string): boolean {
  const [matches, setMatches] = useState(() => matchMedia(query).matches);
  useEffect(() => {
    const list = matchMedia(query);
    const update = () => setMatches(list.matches);
    list.addEventListener('change', update);
    return () => list.removeEventListener('change', update);
  }, [query]);
  return matches;
}

const isThemeChoice = (value: string): value is ThemeChoice =>
  value === 'light' || value === 'dark' || value === 'system';
const firstLocale = (): Locale => (navigator.language.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en');
