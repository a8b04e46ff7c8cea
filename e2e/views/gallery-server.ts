/**
 * Builds the gallery of views and hands it out on 127.0.0.1 under the content policy of the product, with its data. For
 * tests and for looking at: `npx node e2e/views/gallery-server.ts [PORT]`.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { build } from 'vite';
import { securityHeaders } from '../../core/host/http/security-headers.ts';
import { galleryData } from './gallery-data.ts';

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
};

export interface Gallery extends AsyncDisposable {
  readonly address: string;
}

export async function serveGallery(port = 0): Promise<Gallery> {
  const folder = await mkdtemp(join(tmpdir(), 'ergodic-gallery-'));
  const root = fileURLToPath(new URL('../../renderer/gallery/', import.meta.url));
  await build({
    root,
    base: './',
    configFile: false,
    logLevel: 'warn',
    plugins: [svelte({ configFile: '../svelte.config.js' })],
    resolve: { alias: { ngl: fileURLToPath(new URL('../../node_modules/ngl/dist/ngl.js', import.meta.url)) } },
    build: { outDir: folder, emptyOutDir: true, target: 'chrome140', chunkSizeWarningLimit: 2000 },
  });
  const data = JSON.stringify(await galleryData());
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://gallery');
    // Browsers ask for it by themselves; that there is none is no fault.
    if (pathname === '/favicon.ico') return response.writeHead(204).end();
    const name = pathname === '/' ? '/index.html' : pathname;
    try {
      if (name.includes('..')) throw new Error('outside');
      const body = name === '/data.json' ? data : await readFile(join(folder, name));
      response.writeHead(200, { ...securityHeaders(), 'Content-Type': TYPES[extname(name)] ?? 'text/plain' }).end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((done) => server.listen(port, '127.0.0.1', done));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async [Symbol.asyncDispose]() {
      await new Promise((done) => server.close(done));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const gallery = await serveGallery(Number(process.argv[2] ?? 4180));
  console.log(gallery.address);
}
