/**
 * Files that a browser fetches. A download is a navigation, which can carry no header, so whoever holds the token asks
 * for a ticket first: an address of its own for one file, good for one fetch within a minute.
 */
import { randomBytes } from 'node:crypto';

const GOOD_FOR_MS = 60_000;
const MAX_TICKETS = 1000;

export class DownloadTickets {
  readonly #now: () => number;
  #tickets = new Map<string, { readonly path: string; readonly until: number }>();

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  issue(path: string): string {
    const now = this.#now();
    this.#tickets = new Map([...this.#tickets].filter(([, { until }]) => until > now).slice(1 - MAX_TICKETS));
    const ticket = randomBytes(18).toString('base64url');
    this.#tickets.set(ticket, { path, until: now + GOOD_FOR_MS });
    return ticket;
  }

  /** The file, once. */
  redeem(ticket: string): string | undefined {
    const found = this.#tickets.get(ticket);
    this.#tickets.delete(ticket);
    return found && found.until > this.#now() ? found.path : undefined;
  }
}
