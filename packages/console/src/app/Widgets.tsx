import { ConfigProvider } from 'antd';
import { useEffect, useMemo, useState, type ComponentProps, type ReactNode } from 'react';
import { usePreferences } from './preferences.tsx';
import { antdTheme } from './theme.ts';

type AntdLocale = NonNullable<ComponentProps<typeof ConfigProvider>['locale']>;

/** antd for the pages that use it, configured once; the shell and Today do without. */
export function Widgets({ children }: { children: ReactNode }) {
  const { locale, tokens, scheme, calm } = usePreferences();
  const [chinese, setChinese] = useState<AntdLocale>();
  useEffect(() => {
    // antd speaks English by itself. Its types describe its CommonJS build; bundled, the module is ES and its default
    // export is the locale
    if (locale === 'zh-CN')
      void import('antd/es/locale/zh_CN.js').then((module: unknown) =>
        setChinese((module as { default: AntdLocale }).default),
      );
  }, [locale]);
  const theme = useMemo(() => antdTheme(tokens, scheme, calm), [tokens, scheme, calm]);
  return (
    <ConfigProvider
      theme={theme}
      {...(locale === 'zh-CN' && chinese !== undefined ? { locale: chinese } : {})}
      componentSize="medium"
      wave={{ disabled: true }}
    >
      {children}
    </ConfigProvider>
  );
}
