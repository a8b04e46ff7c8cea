/**
 * `ergodic serve` as a process of its own, as a person starts it: it tells its address, ends when it is told to, or is
 * killed. Not here: the window (workstation.ts).
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export const projectRoot = fileURLToPath(new URL('..', import.meta.url));
export const program = `${projectRoot}dist/ergodic.js`;

export class ServedHost implements AsyncDisposable {
  readonly url: string;
  readonly process: ChildProcess;
  readonly #said: () => string;

  private constructor(url: string, process: ChildProcess, said: () => string) {
    this.url = url;
    this.process = process;
    this.#said = said;
  }

  /** `home` is what a person's folder of projects would be; words are further options. */
  static async start(home: string, ...words: string[]): Promise<ServedHost> {
    const child = spawn(process.execPath, [program, 'serve', '--home', home, '--json', ...words], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [printed, said] = ['', ''];
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
    });
    const ended = once(child, 'exit').then(() => {
      throw new Error(`\`ergodic serve\` ended: ${said}`);
    });
    ended.catch(() => undefined);
    while (!printed.includes('\n')) await Promise.race([once(child.stdout, 'data'), ended]);
    return new ServedHost((JSON.parse(printed) as { url: string }).url, child, () => said);
  }

  /** What it wrote for the person who started it. */
  get said(): string {
    return this.#said();
  }

  async end(signal: NodeJS.Signals = 'SIGINT'): Promise<void> {
    const { exitCode, signalCode } = this.process;
    if (exitCode !== null || signalCode !== null) return;
    const ended = once(this.process, 'exit');
    this.process.kill(signal);
    await ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end();
  }
}
