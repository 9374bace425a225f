import type { Estimate, Figure } from '@bellwether/contracts';
import { useFormat } from './useFormat.ts';

/** How a figure of this unit is written, with its interval where it has one. */
export function useFigure(): (unit: Figure['unit'], estimate: Estimate) => string {
  const format = useFormat();
  const write: Record<Figure['unit'], (value: number) => string> = {
    number: value => format.decimal(value),
    share: value => format.percent(value, 1),
    points: value => format.decimal(value, 1),
    currency: value => format.decimal(value, 2),
    orders: value => format.decimal(value, 2),
    days: value => format.decimal(value, 1),
    times: value => `${format.decimal(value, 2)}×`,
  };
  return (unit, { value, low, high }) => {
    if (value === null) return '–';
    const told = write[unit](value);
    return low === null || high === null ? told : `${told} (${write[unit](low)}–${write[unit](high)})`;
  };
}
