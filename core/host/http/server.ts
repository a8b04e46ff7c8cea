/**
 * The browser shell: the window's files, a WebSocket for each window, files sent and fetched, on 127.0.0.1 only.
 * Everything but the page itself needs the token (access.ts says how it travels and why); addresses are
 *
 *   GET  /…                      the window, as built          GET  /channel          WebSocket to the host
 *   POST /files?name=N&drop=D    a file that was dropped       POST /downloads/<file> an address to fetch a file from
 *   GET  /projects               folders that may be opened    GET  /fetch/<pass>     that file
 *   POST /openings/<pass>        the token, for a browser that this program starts
 *
 * Not here: what windows ask of the host, which goes through the channel.
 */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename } from 'node:path';
import type { Duplex } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { WebSocketServer } from 'ws';
import { ErgodicError } from '../../errors.ts';
import { errorCode, fileError } from '../../storage/file-errors.ts';
import type { FileEntry } from '../contract.ts';
import type { Host } from '../host.ts';
import { webSocketChannel } from '../transports/web-socket.ts';
import { Access, PROTOCOL } from './access.ts';
import { type PageFiles, readPageFile } from './page-files.ts';
import { Passes } from './passes.ts';
import { ReceivedFiles } from './received-files.ts';
import { Refusal, reply } from './reply.ts';
import { securityHeaders } from './security-headers.ts';

/** A connection that says nothing for so long is closed, in the middle of a file, too. */
const IDLE_MS = 30_000;
const HEADERS_MS = 10_000;
const PATIENT_MS = 600_000;
/** So long is the rest of a refused file taken, so that its sender gets to read why. */
const REST_MS = 5000;
const MAX_CONNECTIONS = 200;
const MAX_MESSAGE_BYTES = 16 * 1024 * 1024;

export interface HostServerOptions {
  readonly host: Pick<Host, 'connect' | 'grant' | 'pathOf'>;
  readonly page: PageFiles;
  /** Received files are kept there. */
  readonly home: string;
  /** 0 for any that is free. */
  readonly port: number;
  /** Projects that windows may open besides those the host remembers. */
  readonly projects?: readonly FileEntry[];
  /** ms; tests are less patient. */
  readonly patience?: { readonly idle: number; readonly headers: number };
}

export class HostServer implements AsyncDisposable {
  readonly #options: HostServerOptions;
  readonly #access = new Access();
  /** To the paths of files that a browser is about to fetch. */
  readonly #downloads = new Passes<string>();
  /** To the token, for a browser that is started with an address. */
  readonly #openings = new Passes<string>();
  readonly #received: ReceivedFiles;
  readonly #http: Server;
  readonly #sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_MESSAGE_BYTES,
    handleProtocols: () => PROTOCOL,
    perMessageDeflate: false,
  });

  private constructor(options: HostServerOptions) {
    this.#options = options;
    this.#received = new ReceivedFiles(options.home);
    const { idle, headers } = options.patience ?? { idle: IDLE_MS, headers: HEADERS_MS };
    this.#http = createServer({
      headersTimeout: headers,
      // A large file takes as long as it takes; a connection that stands still is closed all the same.
      requestTimeout: 0,
      connectionsCheckingInterval: Math.min(headers, 2000),
    });
    this.#http.maxConnections = MAX_CONNECTIONS;
    this.#http.setTimeout(idle);
    this.#http.on('request', (request, response) => void this.#answer(request, response));
    this.#http.on('upgrade', (request, socket, head) => this.#connect(request, socket, head));
  }

  static async open(options: HostServerOptions): Promise<HostServer> {
    const server = new HostServer(options);
    await new Promise<void>((resolve, reject) => {
      server.#http.once('error', (error) => reject(listenError(error, options.port)));
      server.#http.listen(options.port, '127.0.0.1', resolve);
    });
    return server;
  }

  get port(): number {
    return (this.#http.address() as AddressInfo).port;
  }

  /** What a person opens. */
  get url(): string {
    return `http://127.0.0.1:${this.port}/#token=${this.#access.token}`;
  }

  /** The same for a browser that is told on its command line; good once. */
  passingUrl(): string {
    return `http://127.0.0.1:${this.port}/#once=${this.#openings.issue(this.#access.token)}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets.clients) socket.close(1001);
    const closed = new Promise<void>((resolve) => this.#http.close(() => resolve()));
    setTimeout(() => {
      for (const socket of this.#sockets.clients) socket.terminate();
      this.#http.closeAllConnections();
    }, 500).unref();
    this.#http.closeIdleConnections();
    await closed;
  }

  #connect(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (addressOf(request)?.pathname !== '/channel' || !this.#access.mayConnect(request)) {
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    this.#sockets.handleUpgrade(request, socket, head, (opened) =>
      this.#options.host.connect(webSocketChannel(opened)),
    );
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      if (!this.#access.isLocal(request)) throw new Refusal(403, 'This host answers only its own page.');
      const sockets = [`ws://${request.headers.host}`];
      for (const [name, value] of Object.entries(securityHeaders(sockets))) response.setHeader(name, value);
      const address = addressOf(request);
      if (!address) throw new Refusal(400, 'This address cannot be read.');
      await this.#route(request, response, address);
    } catch (error) {
      this.#refuse(request, response, error);
    }
  }

  async #route(request: IncomingMessage, response: ServerResponse, { pathname, searchParams }: URL): Promise<void> {
    const [, first, second, ...rest] = pathname.split('/');
    if (request.method === 'GET') {
      if (first === 'fetch' && second && rest.length === 0) return await this.#send(response, second);
      if (pathname === '/projects') {
        this.#demandToken(request);
        return reply(response, 200, { folders: this.#options.projects ?? [] });
      }
      return await this.#sendPage(response, pathname);
    }
    if (request.method !== 'POST') throw new Refusal(405, 'Only GET and POST mean something here.');
    if (first === 'openings' && second && rest.length === 0) {
      const token = this.#openings.redeem(second);
      if (token === undefined)
        throw new Refusal(401, 'This address works only once: open the one that the host prints.');
      return reply(response, 200, { token });
    }
    this.#demandToken(request);
    if (first === 'downloads' && second && rest.length === 0) {
      const path = this.#options.host.pathOf(second);
      if (!(await stat(path).catch((error) => Promise.reject(fileError(error, path)))).isFile())
        throw new Refusal(404, `\`${basename(path)}\` is a folder: fetch the files in it.`);
      return reply(response, 200, { address: `/fetch/${this.#downloads.issue(path)}` });
    }
    if (pathname === '/files') return await this.#receive(request, response, searchParams);
    throw new Refusal(404, 'There is nothing at this address.');
  }

  #demandToken(request: IncomingMessage): void {
    if (!this.#access.holdsToken(request)) {
      throw new Refusal(
        401,
        'This window does not belong to this host any more: open the address that the host prints.',
      );
    }
  }

  async #sendPage(response: ServerResponse, address: string): Promise<void> {
    const file = await this.#options.page.find(address);
    if (!file) throw new Refusal(404, 'There is nothing at this address.');
    const content = await readPageFile(file);
    response.writeHead(200, {
      'Content-Type': file.type,
      'Content-Length': content.length,
      'Cache-Control': file.isImmutable ? 'private, max-age=31536000, immutable' : 'no-cache',
    });
    response.end(content);
  }

  async #receive(request: IncomingMessage, response: ServerResponse, words: URLSearchParams): Promise<void> {
    const name = words.get('name');
    if (!name) throw new Refusal(400, 'A file needs a name.');
    const announced = request.headers['content-length'];
    const bytes = announced === undefined ? undefined : Number(announced);
    const path = await this.#received.receive({ name, drop: words.get('drop') ?? '', bytes, content: request });
    reply(response, 200, { files: await this.#options.host.grant([path]) });
  }

  async #send(response: ServerResponse, pass: string): Promise<void> {
    const path = this.#downloads.redeem(pass);
    if (path === undefined)
      throw new Refusal(404, 'This download has begun already, or waited too long: ask for it again.');
    const { size } = await stat(path).catch((error) => Promise.reject(fileError(error, path)));
    response.writeHead(200, {
      'Content-Type': 'application/octet-stream',
      'Content-Length': size,
      'Content-Disposition': `attachment; filename*=UTF-8''${encodeURIComponent(basename(path)).replaceAll("'", '%27')}`,
      'Cache-Control': 'no-store',
    });
    // A person may be asked first where it shall go.
    response.setTimeout(PATIENT_MS);
    if (size === 0) return void response.end();
    // No more than was promised, where the file grows meanwhile.
    await pipeline(createReadStream(path, { end: size - 1 }), response);
  }

  #refuse(request: IncomingMessage, response: ServerResponse, error: unknown): void {
    if (response.headersSent || response.destroyed) return void response.destroy();
    const status = error instanceof Refusal ? error.status : error instanceof ErgodicError ? 404 : 500;
    const isSentence = error instanceof Refusal || error instanceof ErgodicError;
    reply(response, status, {
      error: isSentence ? error.message : 'The host failed: this is a bug in Ergodic, not in your input.',
    });
    if (request.complete) return;
    request.resume();
    setTimeout(() => request.complete || request.destroy(), REST_MS).unref();
  }
}

function addressOf({ url }: IncomingMessage): URL | undefined {
  return url?.startsWith('/') ? (URL.parse(url, 'http://127.0.0.1') ?? undefined) : undefined;
}

function listenError(error: Error, port: number): Error {
  const code = errorCode(error);
  if (code === 'EADDRINUSE') return new ErgodicError(`Port ${port} is in use: choose another one with \`--port\`.`);
  if (code === 'EACCES')
    return new ErgodicError(`You may not use port ${port}: choose one above 1023 with \`--port\`.`);
  return error;
}
