import { FONT, SIZES, type Tokens } from '../app/tokens.ts';

/** ECharts' theme, from the same tokens as everything else. */
export function chartTheme(tokens: Tokens): object {
  const text = { color: tokens.quiet, fontFamily: FONT, fontSize: SIZES.small };
  const axis = {
    axisLine: { lineStyle: { color: tokens.border } },
    axisTick: { show: false },
    axisLabel: { ...text, hideOverlap: true },
    nameTextStyle: text,
    splitLine: { lineStyle: { color: tokens.border } },
  };
  return {
    color: [...tokens.series],
    backgroundColor: 'transparent',
    textStyle: text,
    categoryAxis: { ...axis, splitLine: { show: false } },
    valueAxis: { ...axis, axisLine: { show: false } },
    timeAxis: { ...axis, splitLine: { show: false } },
    line: { symbol: 'circle', symbolSize: 5, showSymbol: false, lineStyle: { width: 2 } },
    legend: { textStyle: text, itemWidth: 16, itemHeight: 2, icon: 'rect' },
    tooltip: {
      backgroundColor: tokens.surface,
      borderColor: tokens.border,
      borderWidth: 1,
      padding: [6, 10],
      textStyle: { ...text, color: tokens.text },
      extraCssText: 'box-shadow:none;font-variant-numeric:tabular-nums',
    },
  };
}
