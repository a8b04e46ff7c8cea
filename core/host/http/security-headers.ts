/**
 * What every answer says about itself: what a page may load, and who may look at it. The same for the desktop's own
 * protocol and for the browser shell.
 * Scripts come from our own files only, none written into a page, none made from text. Workers may be made from text that our scripts
 * hold (`blob:`): NGL computes surfaces in such. Attributes named `style` are let through, `<style>` elements are not.
 * COOP and COEP isolate the page, which is what browsers ask for before they give it threads with shared memory.
 */

/** `sockets` is where a page may open a WebSocket: its own host, which not every browser takes to be 'self'. */
export function contentSecurityPolicy(sockets: readonly string[] = []): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "worker-src 'self' blob:",
    "style-src 'self'",
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    ['connect-src', "'self'", 'blob:', ...sockets].join(' '),
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

export const securityHeaders = (sockets: readonly string[] = []): Readonly<Record<string, string>> => ({
  'Content-Security-Policy': contentSecurityPolicy(sockets),
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
});
