/**
 * Who may speak to the browser shell: holders of the token, from the page that this very host served.
 *
 * The token comes to a window in the fragment of the address, which browsers keep to themselves, and goes back in a
 * header, or as a subprotocol where a WebSocket can send no headers. It is never a cookie: those go to every
 * port of 127.0.0.1, other people's programs among them, and would come along with requests that other pages make.
 * The name in `Host` must be this machine's own, so that no foreign name can be pointed at us (DNS rebinding); its port
 * may be another one, at the near end of an SSH tunnel. `Origin` must be the page at that name and port.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

const LOCAL_HOST = /^(127\.0\.0\.1|localhost)(:\d{1,5})?$/;
/** The subprotocol that carries the token; the other one is what the host answers with. */
const TOKEN_PROTOCOL = 'ergodic.token.';
export const PROTOCOL = 'ergodic.1';

export class Access {
  readonly token = randomBytes(24).toString('base64url');

  /** Of a request for anything: from a page of this host, or from no page at all. */
  isLocal({ headers }: IncomingMessage): boolean {
    const { host, origin } = headers;
    if (host === undefined || !LOCAL_HOST.test(host)) return false;
    return origin === undefined || origin === `http://${host}`;
  }

  /** Of a request that does or tells something. */
  holdsToken({ headers }: IncomingMessage): boolean {
    const [scheme, token] = (headers.authorization ?? '').split(' ', 2);
    return scheme === 'Bearer' && this.#is(token);
  }

  /** Of a WebSocket that is to be opened; browsers say where the page comes from, and nothing else may connect. */
  mayConnect(request: IncomingMessage): boolean {
    const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((each) => each.trim());
    const token = offered.find((each) => each.startsWith(TOKEN_PROTOCOL))?.slice(TOKEN_PROTOCOL.length);
    return (
      this.isLocal(request) && request.headers.origin !== undefined && offered.includes(PROTOCOL) && this.#is(token)
    );
  }

  /** In a time that does not tell how much of it was right. */
  #is(token: string | undefined): boolean {
    const digest = (text: string) => createHash('sha256').update(text).digest();
    return token !== undefined && timingSafeEqual(digest(token), digest(this.token));
  }
}
