/**
 * The one place where the console's look is decided. antd's theme, ECharts' theme and the style sheets' variables are
 * all derived from these. Text on surface meets WCAG 2.2 AA in both themes (tokens.test.ts).
 */
export interface Tokens {
  ground: string;
  surface: string;
  sunken: string;
  text: string;
  quiet: string;
  border: string;
  accent: string;
  /** Text on a field of the accent. */
  onAccent: string;
  accentWash: string;
  good: string;
  warn: string;
  bad: string;
  /** Series in order; told apart by people who are colour-blind, and never by colour alone. */
  series: readonly string[];
  /** The baseline, the hold-out: what a figure is compared with. */
  reference: string;
}

export const light: Tokens = {
  ground: '#fafaf8',
  surface: '#ffffff',
  sunken: '#f3f5f4',
  text: '#17211f',
  quiet: '#586462',
  border: '#e3e7e5',
  accent: '#0b6b66',
  onAccent: '#ffffff',
  accentWash: '#e3f1ef',
  good: '#0b6b66',
  warn: '#8a5300',
  bad: '#b3261e',
  series: ['#0b6b66', '#c2620e', '#4a63c9', '#9a3d77', '#6f7a12'],
  reference: '#7b8785',
};

export const dark: Tokens = {
  ground: '#0e1312',
  surface: '#151b1a',
  sunken: '#1b2322',
  text: '#e6ecea',
  quiet: '#9aa7a4',
  border: '#28312f',
  accent: '#4cbcae',
  onAccent: '#04211e',
  accentWash: '#15302d',
  good: '#4cbcae',
  warn: '#e2aa55',
  bad: '#f08a80',
  series: ['#4cbcae', '#e0954f', '#8fa2f2', '#d387b4', '#b4bf5a'],
  reference: '#8b9794',
};

export const FONT =
  "-apple-system, 'Segoe UI', 'PingFang SC', 'Microsoft YaHei', 'Noto Sans SC', 'Noto Sans CJK SC', Roboto, 'Helvetica Neue', Arial, sans-serif";
export const MONO = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'Liberation Mono', monospace";
export const RADIUS = 6;
export const SIZES = { small: 12, body: 14, large: 18, huge: 26 } as const;

/** Writes the tokens where the style sheets read them. */
export function applyTokens(tokens: Tokens, scheme: 'light' | 'dark'): void {
  const root = document.documentElement;
  root.style.colorScheme = scheme;
  root.dataset['scheme'] = scheme;
  for (const [name, value] of Object.entries(tokens)) {
    // series is the one token that is a list
    if (typeof value === 'string') root.style.setProperty(`--${kebab(name)}`, value);
  }
  tokens.series.forEach((colour, index) => root.style.setProperty(`--series-${index + 1}`, colour));
  root.style.setProperty('--font', FONT);
  root.style.setProperty('--mono', MONO);
}

const kebab = (name: string): string => name.replaceAll(/[A-Z]/g, letter => `-${letter.toLowerCase()}`);
