import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { ConfigProvider } from 'antd';
import { useEffect, useMemo, useState, type ComponentProps, type ReactNode } from 'react';
import { I18nextProvider } from 'react-i18next';
import type { i18n } from 'i18next';
import { Empty } from '../parts/states.tsx';
import { ToasterProvider } from '../parts/Toaster.tsx';
import { queries } from './api.ts';
import { speak, type Locale } from './i18n.ts';
import { PreferencesProvider, usePreferences } from './preferences.tsx';
import { router } from './router.tsx';
import { antdTheme } from './theme.ts';

export function App() {
  return (
    <PreferencesProvider>
      <Spoken>
        <QueryClientProvider client={queries}>
          <ToasterProvider>
            <RouterProvider router={router} />
          </ToasterProvider>
        </QueryClientProvider>
      </Spoken>
    </PreferencesProvider>
  );
}

type AntdLocale = NonNullable<ComponentProps<typeof ConfigProvider>['locale']>;
interface Speech {
  i18n: i18n;
  /** antd's own words; nothing for English, which it speaks by itself. */
  antd: AntdLocale | undefined;
}

async function speechOf(locale: Locale): Promise<Speech> {
  const [i18n, module] = await Promise.all([
    speak(locale),
    locale === 'zh-CN' ? import('antd/es/locale/zh_CN.js') : undefined,
  ]);
  // antd's types describe its CommonJS build; bundled, the module is ES and its default export is the locale
  return { i18n, antd: (module as { default: AntdLocale } | undefined)?.default };
}

/** Shows the page once its language has arrived; a change of language keeps the old one in sight until then. */
function Spoken({ children }: { children: ReactNode }) {
  const { locale, tokens, scheme, calm } = usePreferences();
  const [speech, setSpeech] = useState<Speech | null>(null);
  useEffect(() => {
    let wanted = true;
    void speechOf(locale).then(spoken => wanted && setSpeech(spoken));
    return () => void (wanted = false);
  }, [locale]);
  const theme = useMemo(() => antdTheme(tokens, scheme, calm), [tokens, scheme, calm]);
  if (speech === null) return null;
  return (
    <I18nextProvider i18n={speech.i18n}>
      <ConfigProvider
        theme={theme}
        {...(speech.antd === undefined ? {} : { locale: speech.antd })}
        componentSize="medium"
        wave={{ disabled: true }}
        renderEmpty={() => <Empty title={speech.i18n.t('state.nothing')} teach="" />}
      >
        {children}
      </ConfigProvider>
    </I18nextProvider>
  );
}
