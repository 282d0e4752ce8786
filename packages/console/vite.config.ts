import { clientEndpoints } from '@pullgate/contract';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/**
 * Gives the browser the contract's table without its schemas, which would be half of the first page. Types of the contract
 * are imported as ever: they are gone by then.
 */
function contract(): Plugin {
  const name = 'virtual:contract-endpoints';
  return {
    name: 'contract',
    enforce: 'pre',
    resolveId(id, importer) {
      if (id === name) return `\0${name}`;
      if (id === '@pullgate/contract') {
        this.error(
          `${importer} imports more than types from the contract: take client and addressOf from src/app/client.ts.`,
        );
      }
      return undefined;
    },
    load: (id) => (id === `\0${name}` ? `export const endpoints = ${JSON.stringify(clientEndpoints)};` : undefined),
  };
}

export default defineConfig({
  base: '/console/',
  plugins: [contract(), react()],
  build: { outDir: 'dist', sourcemap: false, manifest: true, target: 'es2023', chunkSizeWarningLimit: 900 },
  server: { proxy: { '/v2': 'http://localhost:5000', '/api': 'http://localhost:5000' } },
});
