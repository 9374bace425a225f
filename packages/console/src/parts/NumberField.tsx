import { useId } from 'react';

interface NumberFieldProps {
  label: string;
  /** Nothing where the field is empty. */
  value: number | undefined;
  onChange: (value: number | undefined) => void;
  unit?: string | undefined;
  min?: number | undefined;
  max?: number | undefined;
  step?: number | undefined;
  placeholder?: string | undefined;
}

/** A number with its name before it and its unit behind it. */
export function NumberField({
  label,
  value,
  onChange,
  unit,
  min = 0,
  max,
  step = 1,
  placeholder,
}: NumberFieldProps) {
  const id = useId();
  return (
    <div className="number-field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type="number"
        inputMode="decimal"
        className="input figures"
        {...{ min, max, step, placeholder }}
        value={value === undefined ? '' : Number(value.toFixed(4))}
        onChange={event => onChange(event.target.value === '' ? undefined : event.target.valueAsNumber)}
      />
      {unit !== undefined && <span className="quiet">{unit}</span>}
    </div>
  );
}
