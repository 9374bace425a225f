import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type axeCore from 'axe-core';
import type { Browser, Page } from 'playwright-core';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const PAGES = {
  today: '/',
  arrivals: '/data',
  imports: '/data?tab=imports',
  preparation: '/data?tab=preparation',
  quality: '/data?tab=quality',
  quarantine: '/data?tab=quarantine&reason=no_identity',
  identity: '/data?tab=identity',
  customers: '/customers?sort=revenue&order=asc',
  customer: '/customers/17850',
  models: '/models',
  scenario: '/models/purchase-prediction',
  tables: '/models/tables',
  table: '/models/tables/tab_1',
  audiences: '/audiences',
  'new audience': '/audiences?create=true',
  journeys: '/journeys',
  journey: '/journeys/j1',
  inbox: '/inbox',
  account: '/settings',
  keys: '/settings?tab=keys',
  engines: '/settings?tab=engines',
} as const;

/** Milliseconds; a machine that builds and tests at once is slow. */
const PATIENCE = 60_000;

export type Locale = 'en' | 'zh-CN';
export type Scheme = 'light' | 'dark';

/** A fresh reader with this language and theme, and what the browser complained of. */
export async function reader(browser: Browser, locale: Locale, theme: Scheme, width = 1280) {
  const context = await browser.newContext({ viewport: { width, height: 800 }, reducedMotion: 'reduce' });
  await context.addInitScript(
    // frames of mails are sandboxed and have no storage
    ([language, scheme]) => {
      if (window !== window.top) return;
      localStorage.setItem('bellwether.locale', language ?? '');
      localStorage.setItem('bellwether.theme', scheme ?? '');
    },
    [locale, theme],
  );
  context.setDefaultTimeout(PATIENCE);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', message => {
    const isKnown = message.text().includes('401');
    if (['error', 'warning'].includes(message.type()) && !isKnown)
      complaints.push(`${page.url()}: ${message.text()}`);
  });
  page.on('pageerror', error => complaints.push(`${page.url()}: ${error.message}`));
  return { page, complaints };
}

/** Everything that was asked for has been answered and drawn. */
export async function settled(page: Page): Promise<void> {
  await page.waitForSelector('.column[aria-busy=false] main h1');
  await page.waitForFunction(() => document.querySelector('.skeleton') === null);
  await page.waitForFunction(() =>
    [...document.querySelectorAll('.chart-canvas')].every(chart => chart.querySelector('canvas') !== null),
  );
}

/** By a script in the page, not by axe's own driver: nothing more to install. */
export async function faultsOf(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  return page.evaluate(async () => {
    // axe puts itself on the window
    const { axe } = window as unknown as { axe: typeof axeCore };
    const { violations } = await axe.run(document, { resultTypes: ['violations'], iframes: false });
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(
        ({ id, nodes }) =>
          `${id}: ${nodes
            .slice(0, 3)
            .map(node => node.html.slice(0, 160))
            .join(' | ')}`,
      );
  });
}

export async function signIn(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/sign-in`);
  await page.fill('input[type=email]', 'mei@example.com');
  await page.fill('input[type=password]', 'a long enough one');
  await page.press('input[type=password]', 'Enter');
  await page.waitForURL(`${url}/`);
}

/** Looks at every page in turn: what axe calls serious, and what the browser complained of. */
export async function lookAtEveryPage(
  browser: Browser,
  url: string,
  locale: Locale,
  theme: Scheme,
): Promise<string[]> {
  const { page, complaints } = await reader(browser, locale, theme);
  await page.goto(`${url}/sign-in`);
  await page.waitForSelector('form');
  const faults = (await faultsOf(page)).map(fault => `sign-in: ${fault}`);
  await signIn(page, url);
  for (const [name, path] of Object.entries(PAGES)) {
    await go(page, path);
    await settled(page);
    faults.push(...(await faultsOf(page)).map(fault => `${name}: ${fault}`));
  }
  await page.context().close();
  return [...faults, ...complaints];
}

/** As a link does: the page stays, only the route changes. */
async function go(page: Page, path: string): Promise<void> {
  await page.evaluate(to => {
    history.pushState(null, '', to);
    dispatchEvent(new PopStateEvent('popstate'));
  }, path);
  // one frame for the router to take notice
  await page.evaluate(() => new Promise(resolve => requestAnimationFrame(() => setTimeout(resolve, 50))));
}
