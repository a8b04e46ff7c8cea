/** For tests only: the browser shell with a real host in a folder that vanishes, and what a browser does with it. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type IncomingHttpHeaders, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { Host } from '../host.ts';
import { webSocketChannel } from '../transports/web-socket.ts';
import { resources, TestWindow } from '../window.test-support.ts';
import { PageFiles } from './page-files.ts';
import { HostServer, type HostServerOptions } from './server.ts';

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

  async window(): Promise<BrowserWindow> {
    return BrowserWindow.open(this.name, this.token);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server[Symbol.asyncDispose]();
    await this.host[Symbol.asyncDispose]();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A window whose messages travel as bytes. */
export class BrowserWindow extends TestWindow {
  readonly socket: WebSocket;

  private constructor(socket: WebSocket) {
    super(webSocketChannel(socket));
    this.socket = socket;
  }

  static open(name: string, token: string, headers = { Origin: `http://${name}` }): Promise<BrowserWindow> {
    const socket = new WebSocket(`ws://${name}/channel`, ['ergodic.1', `ergodic.token.${token}`], { headers });
    return new Promise((resolve, reject) => {
      socket.on('open', () => resolve(new BrowserWindow(socket)));
      socket.on('error', reject);
    });
  }
}
