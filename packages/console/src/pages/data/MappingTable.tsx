import { CANONICAL_TABLES, type Mapping, type Preview } from '@bellwether/contracts';
import { Checkbox, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../format/useFormat.ts';
import { Badge } from '../../parts/Badge.tsx';

interface MappingTableProps {
  preview: Preview;
  mapping: Mapping;
  onChange: (mapping: Mapping) => void;
}

/** One line for each field that we keep: the column it comes from, how sure that is, and by what. */
export function MappingTable({ preview, mapping, onChange }: MappingTableProps) {
  const { t } = useTranslation();
  if (preview.kind === 'access_log') return <p className="note">{t('preview.log')}</p>;
  const { fields } = CANONICAL_TABLES[preview.kind];
  const set = (field: string, column: string | undefined) => {
    const { [field]: _, ...rest } = mapping.fields;
    onChange({ ...mapping, fields: column === undefined ? rest : { ...rest, [field]: column } });
  };
  return (
    <>
      <table className="mapping">
        <caption className="unseen">{t('preview.mapping')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('preview.field')}</th>
            <th scope="col">{t('preview.column')}</th>
            <th scope="col">{t('preview.sure')}</th>
            <th scope="col">{t('preview.sample')}</th>
          </tr>
        </thead>
        <tbody>
          {fields.map(({ name, required }) => (
            <MappingLine
              key={name}
              field={name}
              isRequired={required}
              preview={preview}
              column={mapping.fields[name]}
              onChange={column => set(name, column)}
            />
          ))}
        </tbody>
      </table>
      <div className="choices">
        <Checkbox
          checked={mapping.day_first ?? false}
          onChange={event => onChange({ ...mapping, day_first: event.target.checked })}
        >
          {t('preview.dayFirst')}
        </Checkbox>
        <Checkbox
          checked={mapping.decimal_comma ?? false}
          onChange={event => onChange({ ...mapping, decimal_comma: event.target.checked })}
        >
          {t('preview.decimalComma')}
        </Checkbox>
      </div>
    </>
  );
}

interface MappingLineProps {
  field: string;
  isRequired: boolean;
  preview: Preview;
  column: string | undefined;
  onChange: (column: string | undefined) => void;
}

function MappingLine({ field, isRequired, preview, column, onChange }: MappingLineProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const found = preview.columns.find(({ name }) => name === column);
  const isRecognised = found?.field === field;
  const label = t(`field.${field}` as 'field.at');
  return (
    <tr className={isRequired && column === undefined ? 'is-missing' : ''}>
      <th scope="row">
        {label}
        {isRequired && <span className="required">{t('preview.required')}</span>}
      </th>
      <td>
        <Select
          aria-label={label}
          allowClear
          showSearch
          placeholder={t('preview.choose')}
          value={column ?? null}
          onChange={(value: string | null | undefined) => onChange(value ?? undefined)}
          options={preview.columns.map(({ name }) => ({ value: name, label: name }))}
        />
      </td>
      <td>
        {found && isRecognised && (
          <span title={found.why}>
            <Badge tone={found.confidence >= 0.8 ? 'good' : 'warn'}>
              {format.percent(found.confidence, 0)}
            </Badge>
            <span className="note block">{found.why}</span>
          </span>
        )}
        {found && !isRecognised && <span className="note">{t('preview.yours')}</span>}
      </td>
      <td className="note sample">{found?.samples.slice(0, 3).join(' · ')}</td>
    </tr>
  );
}
