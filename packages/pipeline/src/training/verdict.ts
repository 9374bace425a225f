import type { Estimate, Words } from '@bellwether/contracts';
import type { Verdict } from './versions.ts';

/**
 * Of a scenario's first version: it is used when it is better than the baseline, shown or not.
 *
 * @param figure the name of the figure that decides
 * @param gain how much better it is than the baseline: positive is better, whatever the figure's direction
 */
export function firstVerdict(figure: Words, gain: Estimate): Verdict {
  const shown = beyondChance(gain);
  return {
    promote: (gain.value ?? 0) > 0,
    why: {
      en: `The first version. ${shown ? 'It beats the baseline' : 'It is not shown to beat the baseline'}: ${figure.en} ${difference(gain)} against the baseline.`,
      'zh-CN': `首个版本。${shown ? '优于基线' : '尚未证明优于基线'}：与基线相比，${figure['zh-CN']} ${difference(gain)}。`,
    },
  };
}

/**
 * Of a version beside the champion on the same test: it replaces it only when it is better beyond chance.
 *
 * @param gain how much better it is than the champion
 * @param againstBaseline how much better it is than the baseline
 */
export function laterVerdict(
  figure: Words,
  champion: number,
  gain: Estimate,
  againstBaseline: Estimate,
): Verdict {
  const promote = beyondChance(gain);
  return {
    promote,
    why: {
      en: `${promote ? 'It is better than' : 'It is not shown to be better than'} version ${champion} on the same test: ${figure.en} ${difference(gain)}; ${difference(againstBaseline)} against the baseline.`,
      'zh-CN': `${promote ? '优于' : '尚未证明优于'}版本 ${champion}（同一测试）：${figure['zh-CN']} ${difference(gain)}；与基线相比 ${difference(againstBaseline)}。`,
    },
  };
}

/** Of a version whose champion cannot be used any more. */
export function replacing(figure: Words, againstBaseline: Estimate, cause: Words): Verdict {
  return {
    promote: true,
    why: {
      en: `${cause.en}; ${figure.en} ${difference(againstBaseline)} against the baseline.`,
      'zh-CN': `${cause['zh-CN']}；与基线相比，${figure['zh-CN']} ${difference(againstBaseline)}。`,
    },
  };
}

/** Whether the whole interval of a gain lies above zero. */
export function beyondChance({ low }: Estimate): boolean {
  return (low ?? 0) > 0;
}

/** `+0.018 (95 % +0.011 to +0.027)`. */
function difference({ value, low, high }: Estimate): string {
  const figure = (x: number | null): string => (x === null ? '?' : `${x >= 0 ? '+' : ''}${x.toFixed(3)}`);
  return `${figure(value)} (95 %: ${figure(low)} – ${figure(high)})`;
}
