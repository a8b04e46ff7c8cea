/**
 * log.jsonl: one JSON object per line, append only.
 * A line that a crash or a full disk cut off is dropped when the log is opened for writing, and skipped by readers;
 * a failed append leaves no half line behind.
 */
import { type FileHandle, open, readFile } from 'node:fs/promises';
import { errorCode, fileError } from './file-errors.ts';

export type LogRecord = Readonly<Record<string, unknown>>;

export class RunLog {
  readonly #path: string;
  readonly #file: FileHandle;
  #length: number;
  /** Appends wait for each other: lines never mix. */
  #last: Promise<void> = Promise.resolve();

  private constructor(path: string, file: FileHandle, length: number) {
    this.#path = path;
    this.#file = file;
    this.#length = length;
  }

  static async open(path: string): Promise<RunLog> {
    try {
      const file = await open(path, 'a+');
      const content = await file.readFile();
      const whole = content.lastIndexOf('\n') + 1;
      if (whole < content.length) await file.truncate(whole);
      return new RunLog(path, file, whole);
    } catch (error) {
      throw fileError(error, path);
    }
  }

  append(record: LogRecord): Promise<void> {
    const line = Buffer.from(`${JSON.stringify(record)}\n`);
    const written = this.#last.then(() => this.#write(line));
    this.#last = written.catch(() => undefined);
    return written;
  }

  /** Flushes to the disk: call it with each checkpoint. */
  async sync(): Promise<void> {
    await this.#last;
    await this.#file.sync().catch((error: unknown) => {
      throw fileError(error, this.#path);
    });
  }

  async close(): Promise<void> {
    await this.#last;
    await this.#file.close().catch((error: unknown) => {
      throw fileError(error, this.#path);
    });
  }

  async #write(line: Buffer): Promise<void> {
    try {
      await this.#file.appendFile(line);
      this.#length += line.length;
    } catch (error) {
      await this.#file.truncate(this.#length).catch(() => undefined);
      throw fileError(error, this.#path);
    }
  }
}

/** The records that are whole, and how many lines are not. No log is an empty log. */
export async function readLog(path: string): Promise<{ records: LogRecord[]; damagedLines: number }> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return { records: [], damagedLines: 0 };
    throw fileError(error, path);
  }
  const records: LogRecord[] = [];
  let damagedLines = 0;
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const record = parseRecord(line);
    if (record) records.push(record);
    else damagedLines += 1;
  }
  return { records, damagedLines };
}

function parseRecord(line: string): LogRecord | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as LogRecord) : undefined;
  } catch {
    return undefined;
  }
}
