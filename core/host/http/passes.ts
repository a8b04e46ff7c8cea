/**
 * Passes that are good once, for a minute: what may be seen by others on its way is worth nothing by then. A download
 * is a navigation, which can carry no header, so its address is a pass; so is the address that a browser is started
 * with, which every user of the machine can read in the list of processes.
 */
import { randomBytes } from 'node:crypto';

const GOOD_FOR_MS = 60_000;
const MAX_PASSES = 1000;

export class Passes<Thing> {
  readonly #now: () => number;
  #passes = new Map<string, { readonly thing: Thing; readonly until: number }>();

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  issue(thing: Thing): string {
    const now = this.#now();
    this.#passes = new Map([...this.#passes].filter(([, { until }]) => until > now).slice(1 - MAX_PASSES));
    const pass = randomBytes(18).toString('base64url');
    this.#passes.set(pass, { thing, until: now + GOOD_FOR_MS });
    return pass;
  }

  /** What it is good for, once. */
  redeem(pass: string): Thing | undefined {
    const found = this.#passes.get(pass);
    this.#passes.delete(pass);
    return found && found.until > this.#now() ? found.thing : undefined;
  }
}
