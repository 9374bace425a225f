import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { useEffect, useState, type ReactNode } from 'react';
import { I18nextProvider } from 'react-i18next';
import type { i18n } from 'i18next';
import { ToasterProvider } from '../parts/Toaster.tsx';
import { queries } from './api.ts';
import { speak } from './i18n.ts';
import { PreferencesProvider, usePreferences } from './preferences.tsx';
import { router } from './router.tsx';

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

/** Shows the page once its language has arrived; a change of language keeps the old one in sight until then. */
function Spoken({ children }: { children: ReactNode }) {
  const { locale } = usePreferences();
  const [speech, setSpeech] = useState<i18n | null>(null);
  useEffect(() => {
    let wanted = true;
    void speak(locale).then(spoken => wanted && setSpeech(spoken));
    return () => void (wanted = false);
  }, [locale]);
  return speech === null ? null : <I18nextProvider i18n={speech}>{children}</I18nextProvider>;
}
