/** Builds the window, and the one that nobody sees, into dist/renderer: plain files that Electron and `ergodic serve` hand out as they are. */
import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

const page = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  // The same files lie under app:// in the desktop and under a host of any name in a browser.
  base: './',
  plugins: [svelte()],
  resolve: {
    // The prebuilt library: its sources pull in packages that a running window has no use for.
    alias: { ngl: fileURLToPath(new URL('../node_modules/ngl/dist/ngl.js', import.meta.url)) },
  },
  build: {
    outDir: '../dist/renderer',
    emptyOutDir: true,
    target: 'chrome140',
    // Of the packages whose code goes along.
    license: { fileName: 'licences.md' },
    chunkSizeWarningLimit: 2000,
    rolldownOptions: { input: ['index.html', 'gpu/index.html'].map(page) },
  },
});
