/**
 * A GPU in another process: a window has one, the host has the work. The host's end asks and is a `Gpu`
 * like any other; the window's end answers. Programs, calls and results cross as they are.
 */
import { DeviceError, ErgodicError } from '../../errors.ts';
import type { Call, Ceilings, Results } from '../engine.ts';
import type { DeviceProgram } from './device-program.ts';
import type { Gpu, GpuDescription, GpuExecutable } from './gpu.ts';

/** A way to the other end, which keeps the order of what is sent. */
export interface Door {
  send(message: unknown): void;
  /** Called once, before anything comes. */
  receive(listener: (message: unknown) => void): void;
}

type Question =
  | { readonly ask: 'describe' | 'ceilings' }
  | { readonly ask: 'compile'; readonly program: DeviceProgram }
  | { readonly ask: 'run'; readonly executable: number; readonly call: Required<Call> }
  | { readonly ask: 'dispose'; readonly executable: number };

type Request = Question & { readonly id: number };

/** A sentence is for people, or about the device; a failure is a defect. */
type Answer = { readonly id: number } & (
  | { readonly result: unknown }
  | { readonly sentence: string; readonly isDevice: boolean }
  | { readonly failure: string }
);

export interface RemoteGpu extends Gpu {
  /** The other end is gone: what waits for it is told so, and what is asked later. */
  close(): void;
}

export function remoteGpu(door: Door): RemoteGpu {
  const waiting = new Map<number, { resolve(result: unknown): void; reject(error: Error): void }>();
  let asked = 0;
  let isClosed = false;
  const gone = () =>
    new DeviceError(
      'The window that has the GPU is gone. Stored results are safe: resume, or use the CPU (engine wasm).',
    );
  door.receive((message) => {
    const answer = message as Answer;
    const question = waiting.get(answer.id);
    waiting.delete(answer.id);
    if ('result' in answer) question?.resolve(answer.result);
    else if ('failure' in answer) question?.reject(new Error(answer.failure));
    else question?.reject(new (answer.isDevice ? DeviceError : ErgodicError)(answer.sentence));
  });
  const ask = async (question: Question): Promise<unknown> => {
    if (isClosed) throw gone();
    const id = asked++;
    return await new Promise((resolve, reject) => {
      waiting.set(id, { resolve, reject });
      door.send({ id, ...question } satisfies Request);
    });
  };
  return {
    describe: async () => (await ask({ ask: 'describe' })) as GpuDescription,
    ceilings: async () => (await ask({ ask: 'ceilings' })) as Ceilings,
    compile: async (program) => {
      const { executable, bytes } = (await ask({ ask: 'compile', program })) as { executable: number; bytes: number };
      let held = bytes;
      return {
        get bytes() {
          return held;
        },
        run: async (call) => {
          const done = (await ask({ ask: 'run', executable, call })) as { results: Results; bytes: number };
          held = done.bytes;
          return done.results;
        },
        dispose: () => void ask({ ask: 'dispose', executable }).catch(() => undefined),
      };
    },
    // The GPU is the window's own; only what was compiled here is given back, by its compiler's caller.
    dispose: async () => undefined,
    close: () => {
      isClosed = true;
      for (const { reject } of waiting.values()) reject(gone());
      waiting.clear();
    },
  };
}

/** Answers from the GPU of this process until the process ends. */
export function serveGpu(door: Door, gpu: Gpu): void {
  const executables = new Map<number, GpuExecutable>();
  let made = 0;
  const of = (executable: number): GpuExecutable => {
    const known = executables.get(executable);
    if (!known) throw new Error(`There is no program ${executable} on this gpu.`);
    return known;
  };
  const answer = async (question: Question): Promise<unknown> => {
    switch (question.ask) {
      case 'describe':
        return await gpu.describe();
      case 'ceilings':
        return await gpu.ceilings();
      case 'compile': {
        const compiled = await gpu.compile(question.program);
        executables.set(++made, compiled);
        return { executable: made, bytes: compiled.bytes };
      }
      case 'run': {
        const known = of(question.executable);
        const results = await known.run(question.call);
        return { results, bytes: known.bytes };
      }
      case 'dispose':
        of(question.executable).dispose();
        executables.delete(question.executable);
        return undefined;
    }
  };
  door.receive((message) => {
    const { id, ...question } = message as Request;
    answer(question).then(
      (result) => door.send({ id, result } satisfies Answer),
      (error: unknown) => {
        const text = error instanceof Error ? error.message : String(error);
        if (!(error instanceof ErgodicError)) door.send({ id, failure: text } satisfies Answer);
        else door.send({ id, sentence: text, isDevice: error instanceof DeviceError } satisfies Answer);
      },
    );
  });
}
