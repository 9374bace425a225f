import { useMemo } from 'react';
import { usePreferences } from '../app/preferences.tsx';
import { createFormat, type Format } from './numbers.ts';

export function useFormat(): Format {
  const { locale } = usePreferences();
  return useMemo(() => createFormat(locale), [locale]);
}
