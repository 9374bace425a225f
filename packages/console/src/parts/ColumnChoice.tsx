import { useTranslation } from 'react-i18next';
import { Icon } from './Icon.tsx';
import type { Column } from './table.ts';

interface ColumnChoiceProps<Row> {
  columns: readonly Column<Row>[];
  shown: readonly Column<Row>[];
  hidden: readonly string[];
  setHidden: (keys: string[]) => void;
}

/** Which columns are shown; kept on this device. */
export function ColumnChoice<Row>({ columns, shown, hidden, setHidden }: ColumnChoiceProps<Row>) {
  const { t } = useTranslation();
  return (
    <details className="column-choice-box">
      <summary className="button quiet-button">
        <Icon name="table" size={14} /> {t('table.columns')}
        {hidden.length > 0 && ` (${shown.length}/${columns.length})`}
      </summary>
      <fieldset className="menu column-choice">
        <legend className="unseen">{t('table.columns')}</legend>
        {columns.map(({ key, title }) => (
          <label key={key} className="menu-line">
            <input
              type="checkbox"
              checked={!hidden.includes(key)}
              disabled={shown.length === 1 && !hidden.includes(key)}
              onChange={event =>
                setHidden(event.target.checked ? hidden.filter(other => other !== key) : [...hidden, key])
              }
            />{' '}
            {title}
          </label>
        ))}
      </fieldset>
    </details>
  );
}
