import type { StageState } from '@bellwether/contracts';
import type { TFunction } from 'i18next';
import type { Format } from '../../format/numbers.ts';

/** How each figure of a stage is written: what a marketer asks first stands first. */
const WRITERS = {
  orders: (value, format) => format.brief(value),
  events: (value, format) => format.brief(value),
  lines_out: (value, format) => format.brief(value),
  customers: (value, format) => format.brief(value),
  quarantined: (value, format) => format.brief(value),
  dropped: (value, format) => format.brief(value),
  auc: (value, format) => format.decimal(value),
  version: value => String(value),
  scored: (value, format) => format.brief(value),
  chosen: (value, format) => format.brief(value),
  sent: (value, format) => format.brief(value),
  dry_run: (value, format) => format.brief(value),
  running: value => String(value),
  lift: (value, format) => format.points(value),
} as const satisfies Record<string, (value: number, format: Format) => string>;

type FigureName = keyof typeof WRITERS;
const NAMES = Object.keys(WRITERS) as FigureName[];

/** "4,338 customers", "AUC 0.781": the figures of a stage in words, the telling ones first. */
export function figureWords(stage: StageState, t: TFunction, format: Format): string[] {
  return NAMES.filter(name => stage.figures[name] !== undefined).map(name => {
    const value = stage.figures[name] ?? 0;
    return t(`figure.${name}`, { n: WRITERS[name](value, format) });
  });
}
