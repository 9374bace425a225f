// Node 22.18 and later run TypeScript as it is; earlier ones through tsx.
if (!process.features.typescript) {
  const { register } = await import('tsx/esm/api');
  register();
}
await import('./fit-worker.ts');
