/** Answers of the browser shell that are no file: JSON, or a sentence that says why not. */
import type { ServerResponse } from 'node:http';

/** Something that was asked for in a wrong way or cannot be had: the status says which to programs, the words to people. */
export class Refusal extends Error {
  readonly status: number;

  constructor(status: number, sentence: string) {
    super(sentence);
    this.status = status;
  }
}

export function reply(response: ServerResponse, status: number, body: object): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(text),
    'Cache-Control': 'no-store',
  });
  response.end(text);
}
