import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// `npm run build` at the root makes dist/, which the server serves. In development the API is another process.
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: { outDir: 'dist', emptyOutDir: true, manifest: true, chunkSizeWarningLimit: 800 },
  server: { proxy: { '/v1': process.env['BELLWETHER_URL'] ?? 'http://127.0.0.1:4600' } },
});
