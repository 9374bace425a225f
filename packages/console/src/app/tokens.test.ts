import { describe, expect, test } from 'vitest';
import { dark, light, type Tokens } from './tokens.ts';

/** WCAG 2.2, relative luminance and contrast ratio. */
function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map(start => {
    const value = Number.parseInt(hex.slice(start, start + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
function contrast(a: string, b: string): number {
  const [high = 0, low = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

describe.each([
  ['light', light],
  ['dark', dark],
] as [string, Tokens][])('the %s theme', (_, tokens) => {
  const grounds = [tokens.ground, tokens.surface, tokens.sunken] as const;

  test.each(['text', 'quiet', 'accent', 'bad', 'warn', 'good'] as const)(
    '%s can be read on every ground',
    name => {
      for (const ground of grounds) expect(contrast(tokens[name], ground)).toBeGreaterThanOrEqual(4.5);
    },
  );

  test('what stands on the accent can be read', () => {
    expect(contrast(tokens.onAccent, tokens.accent)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(tokens.accent, tokens.accentWash)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(tokens.quiet, tokens.accentWash)).toBeGreaterThanOrEqual(4.5);
  });

  test('lines of charts stand out from the surface', () => {
    for (const colour of [...tokens.series, tokens.reference]) {
      expect(contrast(colour, tokens.surface)).toBeGreaterThanOrEqual(3);
    }
  });
});
