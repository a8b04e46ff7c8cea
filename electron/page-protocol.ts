/** `app://ergodic/…`: the files of the window, with the headers that keep them to themselves. Nothing else has an address. */
import type { CustomScheme } from 'electron';
import { type PageFiles, readPageFile } from '../core/host/http/page-files.ts';
import { securityHeaders } from '../core/host/http/security-headers.ts';

/** To be registered before the application is ready. */
export const pageScheme: CustomScheme = {
  scheme: 'app',
  privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true },
};

export function pageHandler(page: PageFiles): (request: Pick<Request, 'url' | 'method'>) => Promise<Response> {
  return async ({ url, method }) => {
    const address = URL.parse(url);
    const file =
      method === 'GET' && address?.protocol === 'app:' && address.host === 'ergodic'
        ? await page.find(address.pathname)
        : undefined;
    if (!file) return new Response(null, { status: 404, headers: { ...securityHeaders() } });
    const headers = { ...securityHeaders(), 'Content-Type': file.type };
    return new Response(new Uint8Array(await readPageFile(file)), { headers });
  };
}
