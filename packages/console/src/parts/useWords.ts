import type { Words } from '@bellwether/contracts';
import { usePreferences } from '../app/preferences.tsx';

/** Text that data says of itself, in the reader's language. */
export function useWords(): (words: Words) => string {
  const { locale } = usePreferences();
  return words => words[locale];
}
