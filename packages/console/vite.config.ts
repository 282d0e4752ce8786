import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  base: '/console/',
  plugins: [react()],
  build: { outDir: 'dist', sourcemap: false, manifest: true, target: 'es2023', chunkSizeWarningLimit: 900 },
  server: { proxy: { '/v2': 'http://localhost:5000', '/api': 'http://localhost:5000' } },
});
