/** For tests only: the browser shell with a real host in a folder that vanishes, and what a browser does with it. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type IncomingHttpHeaders, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WebSocket } from 'ws';
import type { EventName, RequestBody, RequestName, Result } from '../contract.ts';
import { Host } from '../host.ts';
import { decodeMessage, encodeMessage } from '../transports/message-codec.ts';
import { PageFiles } from './page-files.ts';
import { HostServer, type HostServerOptions } from './server.ts';

const resources = fileURLToPath(new URL('../../../resources', import.meta.url));

export class ServedHost implements AsyncDisposable {
  readonly folder: string;
  readonly home: string;
  readonly host: Host;
  readonly server: HostServer;
  readonly token: string;

  private constructor(folder: string, host: Host, server: HostServer) {
    this.folder = folder;
    this.home = join(folder, 'home');
    this.host = host;
    this.server = server;
    this.token = server.url.split('#token=')[1]!;
  }

  static async open(options: Partial<HostServerOptions> = {}): Promise<ServedHost> {
    const folder = mkdtempSync(join(tmpdir(), 'ergodic-served-'));
    const home = join(folder, 'home');
    const page = join(folder, 'page');
    mkdirSync(home);
    mkdirSync(join(page, 'assets'), { recursive: true });
    writeFileSync(join(page, 'index.html'), '<!doctype html><title>the page</title>');
    writeFileSync(join(page, 'assets', 'window-1a2b.js'), 'export {};');
    writeFileSync(join(page, 'assets', '.hidden'), 'not for anybody');
    writeFileSync(join(folder, 'secret.json'), '{}');
    const host = await Host.open({ shell: 'browser', version: '0.0.0', home, resources });
    const server = await HostServer.open({ host, page: await PageFiles.open(page), home, port: 0, ...options });
    return new ServedHost(folder, host, server);
  }

  get name(): string {
    return `127.0.0.1:${this.server.port}`;
  }

  get authorisation(): { Authorization: string } {
    return { Authorization: `Bearer ${this.token}` };
  }

  /** Any request at all, of which nothing is put right on the way. */
  ask(
    method: string,
    path: string,
    headers: Record<string, string> = {},
    body?: string | Uint8Array,
  ): Promise<{ status: number; headers: IncomingHttpHeaders; text: string }> {
    return new Promise((resolve, reject) => {
      const asked = request({ host: '127.0.0.1', port: this.server.port, method, path, headers, agent: false });
      asked.on('error', reject);
      asked.on('response', (response) => {
        const pieces: Buffer[] = [];
        response.on('data', (piece: Buffer) => pieces.push(piece));
        response.on('error', reject);
        response.on('end', () =>
          resolve({ status: response.statusCode!, headers: response.headers, text: Buffer.concat(pieces).toString() }),
        );
      });
      asked.end(body);
    });
  }

  send(name: string, content: string | Uint8Array, drop = 'drop-1') {
    return this.ask('POST', `/files?${new URLSearchParams({ name, drop })}`, this.authorisation, content);
  }

  async window(): Promise<TestWindow> {
    return TestWindow.open(this.name, this.token);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server[Symbol.asyncDispose]();
    await this.host[Symbol.asyncDispose]();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

interface Answered {
  readonly type: string;
  readonly id?: number;
  readonly name?: string;
  readonly body?: unknown;
  readonly result?: unknown;
  readonly message?: string;
}

/** A window as the host sees it: requests by number, events as they come. */
export class TestWindow {
  readonly socket: WebSocket;
  readonly events: { readonly name: EventName; readonly body: unknown }[] = [];
  readonly #waiting = new Map<number, (answer: Answered) => void>();
  #next = 0;

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('message', (data: Buffer) => {
      const message = decodeMessage(new Uint8Array(data)) as Answered;
      if (message.type === 'event') this.events.push({ name: message.name as EventName, body: message.body });
      else if (message.id !== undefined) this.#waiting.get(message.id)?.(message);
    });
  }

  static open(name: string, token: string, headers = { Origin: `http://${name}` }): Promise<TestWindow> {
    const socket = new WebSocket(`ws://${name}/channel`, ['ergodic.1', `ergodic.token.${token}`], { headers });
    return new Promise((resolve, reject) => {
      socket.on('open', () => resolve(new TestWindow(socket)));
      socket.on('error', reject);
    });
  }

  async request<N extends RequestName>(name: N, body: RequestBody<N>): Promise<Result<N>> {
    const answer = await this.answer({ type: 'request', name, body });
    if (answer.type === 'failure') throw new Error(answer.message);
    return answer.result as Result<N>;
  }

  /** What comes back, result or failure. */
  answer(message: object): Promise<Answered> {
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, resolve);
      this.socket.once('close', () => reject(new Error('The host closed the connection.')));
      this.socket.setMaxListeners(0);
      this.socket.send(encodeMessage({ ...message, id }));
    });
  }

  async until(name: EventName): Promise<unknown> {
    for (;;) {
      const found = this.events.find((event) => event.name === name);
      if (found) return found.body;
      await new Promise((resolve) => this.socket.once('message', () => setImmediate(resolve)));
    }
  }
}
