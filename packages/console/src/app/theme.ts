import { theme as antd, type ThemeConfig } from 'antd';
import { FONT, RADIUS, SIZES, type Tokens } from './tokens.ts';

/** antd, configured once. Pages set nothing of their own. */
export function antdTheme(tokens: Tokens, scheme: 'light' | 'dark', calm: boolean): ThemeConfig {
  return {
    algorithm: scheme === 'dark' ? antd.darkAlgorithm : antd.defaultAlgorithm,
    token: {
      colorPrimary: tokens.accent,
      colorInfo: tokens.accent,
      colorLink: tokens.accent,
      colorError: tokens.bad,
      colorWarning: tokens.warn,
      colorSuccess: tokens.good,
      colorText: tokens.text,
      colorTextSecondary: tokens.quiet,
      colorTextDescription: tokens.quiet,
      colorTextPlaceholder: tokens.quiet,
      colorTextTertiary: tokens.quiet,
      colorBgBase: tokens.surface,
      colorBgContainer: tokens.surface,
      colorBgElevated: tokens.surface,
      colorBgLayout: tokens.ground,
      colorBorder: tokens.border,
      colorBorderSecondary: tokens.border,
      borderRadius: RADIUS,
      fontFamily: FONT,
      fontSize: SIZES.body,
      fontSizeSM: SIZES.small,
      controlHeight: 32,
      boxShadow: 'none',
      boxShadowSecondary: `0 0 0 1px ${tokens.border}`,
      colorBgMask: 'transparent',
      boxShadowTertiary: 'none',
      motion: !calm,
      motionDurationFast: '0.06s',
      motionDurationMid: '0.1s',
      motionDurationSlow: '0.14s',
    },
    components: componentTokens(tokens),
  };
}

function componentTokens(tokens: Tokens): NonNullable<ThemeConfig['components']> {
  return {
    Button: { primaryColor: tokens.onAccent, primaryShadow: 'none', defaultShadow: 'none', fontWeight: 500 },
    Tabs: { horizontalItemPadding: '8px 0', horizontalItemGutter: 24 },
    Drawer: { paddingLG: 24, footerPaddingBlock: 12, footerPaddingInline: 24 },
    Tag: { defaultBg: tokens.sunken, defaultColor: tokens.text },
    Progress: { defaultColor: tokens.accent },
  };
}
