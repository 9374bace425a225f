import { useTranslation } from 'react-i18next';

/** Words for a name that comes with the data; a name that the dictionary does not know stays as it is. */
export function useLookup(): (prefix: string, name: string, otherwise?: string) => string {
  const { t, i18n } = useTranslation();
  return (prefix, name, otherwise = name.replaceAll('_', ' ')) => {
    const key = `${prefix}.${name}`;
    // exists() has just proved that it is one of the dictionary's keys
    return i18n.exists(key) ? t(key as 'nav.today') : otherwise;
  };
}
