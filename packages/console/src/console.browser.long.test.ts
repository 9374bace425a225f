import { rmSync } from 'node:fs';
import { expect, test } from 'vitest';
import { buildConsole } from './testing/build.ts';
import { launchChromium } from './testing/chromium.ts';
import { startFixtureServer } from './testing/fixture-server.ts';
import { lookAtEveryPage } from './testing/reader.ts';

test('every page in every language and theme, without a complaint or a serious fault', async () => {
  const folder = await buildConsole('development');
  const { url, server } = await startFixtureServer(folder);
  const browser = await launchChromium();
  for (const locale of ['en', 'zh-CN'] as const) {
    for (const theme of ['light', 'dark'] as const) {
      expect(await lookAtEveryPage(browser, url, locale, theme), `${locale} ${theme}`).toEqual([]);
    }
  }
  await browser.close();
  server.close();
  rmSync(folder, { recursive: true, force: true });
});
