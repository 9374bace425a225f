import { existsSync } from 'node:fs';
import { chromium as playwright, type Browser } from 'playwright-core';

const SYSTEM = '/usr/bin/chromium';

/** A real Chromium: the one inside the npm package, else the system's, else a sentence. */
export async function launchChromium(): Promise<Browser> {
  const faults: string[] = [];
  for (const choose of [packaged, system]) {
    try {
      return await choose();
    } catch (error) {
      faults.push(error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error));
    }
  }
  throw new Error(
    `no Chromium starts on this machine; install one (apt-get install chromium) or the libraries it needs: ${faults.join('; ')}`,
  );
}

async function packaged(): Promise<Browser> {
  const { default: chromium } = await import('@sparticuz/chromium');
  // its own arguments suit a cloud function; one process for all would take the tests down with one page
  const args = chromium.args.filter(arg => arg !== '--single-process' && arg !== '--disable-web-security');
  return playwright.launch({ executablePath: await chromium.executablePath(), args });
}

async function system(): Promise<Browser> {
  if (!existsSync(SYSTEM)) throw new Error(`there is no ${SYSTEM}`);
  return playwright.launch({ executablePath: SYSTEM, args: ['--no-sandbox'] });
}
