/**
 * Finds the frames of a file in which every frame begins with a header that says how long the frame is (XTC, TRR).
 * Small frames are walked through in large blocks, large ones by jumping from header to header; memory is that of the
 * index and one block. An index from an earlier opening is believed after a few looks, and scanning goes on where it
 * ends. Not here: what is in a frame, and finding back after damage: no frame behind it can be told from noise.
 */
import { ErgodicError } from '../errors.ts';
import type { ByteSource } from './byte-source.ts';
import type { OpenOptions, Problem } from './trajectory.ts';

export interface FrameHead {
  readonly atoms: number;
  /** Of the whole frame, with its header. */
  readonly bytes: number;
}

export interface FrameLayout<Head extends FrameHead> {
  /** As people call it: "XTC". */
  readonly format: string;
  /** Most bytes a header can have. */
  readonly headBytes: number;
  /** What stands at `offset`: a header, what is wrong with it ("its …"), or undefined if the bytes end inside it. */
  readonly readHead: (view: DataView, offset: number) => Head | string | undefined;
  /** Whether a frame with this header counts. */
  readonly keep: (head: Head) => boolean;
}

export interface FrameScan<Head extends FrameHead> {
  /** The first header in the file, whether or not its frame counts. */
  readonly first: Head;
  /** Where each frame that counts begins, and at last where the last complete frame ends. */
  readonly index: Float64Array;
  /** Complete frames that do not count: how many, and where the first begins. */
  readonly left: { readonly count: number; readonly byte: number };
  readonly problems: readonly Problem[];
}

const BLOCK = 1 << 20;
/** From this length on, a read for each header costs less than reading everything. */
const LONG_FRAME = 1 << 18;
/** How many frames of a given index are looked at. */
const LOOKS = 8;

export async function scanFrames<Head extends FrameHead>(
  source: ByteSource,
  layout: FrameLayout<Head>,
  options: OpenOptions,
): Promise<FrameScan<Head>> {
  const { size } = source;
  const known = options.index && (await lookAt(source, layout, options.index));
  const starts = new GrowingIndex(known ? options.index! : Float64Array.of(0));
  const walk = new HeadWalk(source, layout, options);
  const left = { count: 0, byte: 0 };
  let first = known;
  let position = starts.end;
  let problem: Problem | undefined;
  while (position < size) {
    const head = walk.has(position) ? walk.headAt(position) : await walk.read(position);
    const wrong = wrongWith(head, first);
    if (wrong !== undefined) {
      problem = damage(source, layout.format, position, wrong, first === undefined);
      break;
    }
    if (typeof head !== 'object' || position + head.bytes > size) {
      problem = cut(source, position, first === undefined);
      break;
    }
    first ??= head;
    if (layout.keep(head)) {
      starts.add(position);
    } else {
      if (left.count === 0) left.byte = position;
      left.count++;
    }
    position += head.bytes;
  }
  options.progress?.(size);
  if (!first) throw new ErgodicError(problem?.message ?? `\`${source.name}\` is empty: it has no frames.`);
  return { first, index: starts.endingAt(position), left, problems: problem ? [problem] : [] };
}

function wrongWith(head: FrameHead | string | undefined, first: FrameHead | undefined): string | undefined {
  if (typeof head === 'string') return head;
  if (!head || !first || head.atoms === first.atoms) return undefined;
  return `it has ${head.atoms} atoms where the first frame has ${first.atoms}`;
}

const damage = ({ name }: ByteSource, format: string, byte: number, wrong: string, atOnce: boolean): Problem => ({
  message: atOnce
    ? `\`${name}\` is no ${format} file, or damaged from its first frame on: ${wrong} (byte ${byte}).`
    : `\`${name}\` is damaged at byte ${byte}, where a frame should begin: ${wrong}; what follows is left out.`,
  byte,
});

const cut = ({ name, size }: ByteSource, begin: number, atOnce: boolean): Problem => ({
  message: atOnce
    ? `\`${name}\` ends inside its first frame (byte ${size}): nothing in it can be read.`
    : `\`${name}\` ends (byte ${size}) inside the frame that begins at byte ${begin}: that one is left out.`,
  byte: size,
});

/** Headers one after the other, from blocks that are as large as it pays. */
class HeadWalk<Head extends FrameHead> {
  readonly #source: ByteSource;
  readonly #layout: FrameLayout<Head>;
  readonly #options: OpenOptions;
  #view = viewOf(new Uint8Array());
  #start = 0;
  #lastStart = Number.NEGATIVE_INFINITY;

  constructor(source: ByteSource, layout: FrameLayout<Head>, options: OpenOptions) {
    this.#source = source;
    this.#layout = layout;
    this.#options = options;
  }

  has(position: number): boolean {
    return position + this.#layout.headBytes <= this.#start + this.#view.byteLength;
  }

  headAt(position: number): Head | string | undefined {
    this.#lastStart = position;
    return this.#layout.readHead(this.#view, position - this.#start);
  }

  async read(position: number): Promise<Head | string | undefined> {
    this.#options.signal?.throwIfAborted();
    this.#options.progress?.(position);
    const length = position - this.#lastStart >= LONG_FRAME && position > 0 ? this.#layout.headBytes : BLOCK;
    this.#view = viewOf(await this.#source.read(position, Math.min(length, this.#source.size - position)));
    this.#start = position;
    return this.headAt(position);
  }
}

/** The first header, if an index fits the file as far as a few looks can tell; the rest of it only has to increase. */
async function lookAt<Head extends FrameHead>(
  source: ByteSource,
  { headBytes, readHead, keep }: FrameLayout<Head>,
  index: Float64Array,
): Promise<Head | undefined> {
  const frames = index.length - 1;
  if (frames < 1 || index[0] !== 0 || !(index[frames]! <= source.size)) return undefined;
  for (let i = 0; i < frames; i++) {
    if (!(index[i + 1]! > index[i]!) || !Number.isInteger(index[i + 1]!)) return undefined;
  }
  let first: Head | undefined;
  for (let look = 0; look < LOOKS; look++) {
    const i = Math.round((look * (frames - 1)) / (LOOKS - 1));
    const start = index[i]!;
    const head = readHead(viewOf(await source.read(start, Math.min(headBytes, source.size - start))), 0);
    if (typeof head !== 'object' || !keep(head) || start + head.bytes !== index[i + 1]) return undefined;
    first ??= head;
    if (head.atoms !== first.atoms) return undefined;
  }
  return first;
}

/** Numbers appended to an index, which is taken as it is for as long as nothing is. */
class GrowingIndex {
  #numbers: Float64Array;
  #count: number;

  constructor(index: Float64Array) {
    this.#numbers = index;
    this.#count = index.length - 1;
  }

  get end(): number {
    return this.#numbers[this.#count]!;
  }

  add(start: number): void {
    if (this.#count + 1 >= this.#numbers.length) {
      const larger = new Float64Array(Math.max(1024, 2 * this.#count));
      larger.set(this.#numbers.subarray(0, this.#count));
      this.#numbers = larger;
    }
    this.#numbers[this.#count++] = start;
  }

  endingAt(end: number): Float64Array {
    if (this.#count === this.#numbers.length - 1 && this.end === end) return this.#numbers;
    const index = this.#numbers.slice(0, this.#count + 1);
    index[this.#count] = end;
    return index;
  }
}

export const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
