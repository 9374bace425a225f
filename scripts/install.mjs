// Installs the dependencies when they are absent or older than package-lock.json. Node's own modules only:
// this is what runs first on a fresh clone.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(new URL('.', import.meta.url).pathname, '..');
const stamp = join(root, 'node_modules', '.bellwether-lock');

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Bellwether needs Node 20.19 or later; this is ${process.version}.`);
  process.exit(1);
}

const lock = createHash('sha256')
  .update(readFileSync(join(root, 'package-lock.json')))
  .digest('hex');
const installed = existsSync(stamp) && readFileSync(stamp, 'utf8') === lock;
if (!installed) {
  console.log('Installing dependencies (once; about a minute) …');
  const run = spawnSync('npm', ['ci', '--no-fund', '--no-audit', '--loglevel=error'], {
    cwd: root,
    stdio: 'inherit',
  });
  if (run.status !== 0) {
    console.error(
      'npm ci failed: see above. Nothing was started; mend the cause and run the same command again.',
    );
    process.exit(run.status ?? 1);
  }
  writeFileSync(stamp, lock);
}

// the kernels are kept by the hash of their sources: nothing happens here unless one has changed
const kernels = spawnSync(process.execPath, [join(root, 'packages', 'ml', 'kernels', 'build.mjs')], {
  cwd: root,
  stdio: 'inherit',
});
if (kernels.status !== 0) process.exit(kernels.status ?? 1);
