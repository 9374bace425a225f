import i18next, { type i18n } from 'i18next';
import { initReactI18next } from 'react-i18next';
import type { en } from '../words/en/index.ts';

export const LOCALES = ['en', 'zh-CN'] as const;
export type Locale = (typeof LOCALES)[number];
export const isLocale = (value: string): value is Locale => value === 'en' || value === 'zh-CN';

declare module 'i18next' {
  interface CustomTypeOptions {
    keySeparator: false;
    nsSeparator: false;
    resources: { translation: typeof en };
  }
}

/** The dictionary of a language, fetched when it is first spoken. */
const dictionaries: Record<Locale, () => Promise<Record<string, string>>> = {
  en: async () => (await import('../words/en/index.ts')).en,
  'zh-CN': async () => (await import('../words/zh-CN/index.ts')).zhCN,
};

/** Makes a language ready and speaks it. */
export async function speak(locale: Locale): Promise<i18n> {
  if (!i18next.isInitialized) {
    await i18next.use(initReactI18next).init({
      lng: locale,
      resources: {},
      keySeparator: false,
      nsSeparator: false,
      fallbackLng: false,
      interpolation: { escapeValue: false },
      react: { useSuspense: false },
    });
  }
  if (!i18next.hasResourceBundle(locale, 'translation')) {
    i18next.addResourceBundle(locale, 'translation', await dictionaries[locale]());
  }
  if (i18next.language !== locale) await i18next.changeLanguage(locale);
  return i18next;
}
