import { existsSync, mkdirSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
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
  const { chromium, executablePath } = await unpacked();
  // its own arguments suit a cloud function; one process for all would take the tests down with one page
  const args = chromium.args.filter(arg => arg !== '--single-process' && arg !== '--disable-web-security');
  return playwright.launch({ executablePath, args });
}

/** Unpacks into a folder of this user's own: one that another user unpacked cannot be run. */
async function unpacked() {
  const before = process.env['TMPDIR'];
  const folder = join(tmpdir(), `bellwether-chromium-${userInfo().uid}`);
  mkdirSync(folder, { recursive: true });
  process.env['TMPDIR'] = folder;
  try {
    const { default: chromium } = await import('@sparticuz/chromium');
    return { chromium, executablePath: await chromium.executablePath() };
  } finally {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
  }
}

async function system(): Promise<Browser> {
  if (!existsSync(SYSTEM)) throw new Error(`there is no ${SYSTEM}`);
  return playwright.launch({ executablePath: SYSTEM, args: ['--no-sandbox'] });
}
