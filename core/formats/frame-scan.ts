/**
 * Finds the frames of a file in which every frame begins with a header that says how long the frame is (XTC, TRR).
 * Small frames are walked through in large blocks, large ones by jumping from header to header; memory is one block and
 * a list of bounded length (frame-starts.ts). An index from an earlier opening is believed after a few looks, and
 * scanning goes on where it ends. Not here: what is in a frame, and finding back after damage: no frame behind it can
 * be told from noise.
 */
import { ErgodicError } from '../errors.ts';
import type { ByteSource } from './byte-source.ts';
import { FrameStarts, MOST_STARTS } from './frame-starts.ts';
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
  /** True where an index says enough only if all frames have the same length and count. */
  readonly indexOfAlike?: boolean;
}

export interface FrameScan<Head extends FrameHead> {
  /** The first header in the file, whether or not its frame counts. */
  readonly first: Head;
  /** How many count. */
  readonly frames: number;
  /** For the next opening. */
  readonly index: Float64Array;
  /** Where one of those that count begins, and where it ends or the next one begins. */
  readonly rangeOf: (frame: number) => Promise<ByteRange>;
  /** Complete frames that do not count: how many, and where the first begins. */
  readonly left: { readonly count: number; readonly byte: number };
  readonly problems: readonly Problem[];
}

export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

const BLOCK = 1 << 20;
/** From this length on, a read for each header costs less than reading everything. */
const LONG_FRAME = 1 << 18;
/** How many frames of a given index are looked at. */
const LOOKS = 8;

/** `mostStarts`: how long the list of starts may be. */
export async function scanFrames<Head extends FrameHead>(
  source: ByteSource,
  layout: FrameLayout<Head>,
  options: OpenOptions,
  mostStarts = MOST_STARTS,
): Promise<FrameScan<Head>> {
  const { size } = source;
  const believed = options.index && FrameStarts.from(options.index, size, mostStarts);
  const known = believed && (await lookAt(source, layout, believed));
  const starts = known ? believed : new FrameStarts(mostStarts);
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
  starts.end = position;
  return {
    first,
    frames: starts.frames,
    index: starts.toKeep(),
    rangeOf: rangesIn(source, layout, starts),
    left,
    problems: problem ? [problem] : [],
  };
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

/** The first header, if an index fits the file as far as a few looks can tell. */
async function lookAt<Head extends FrameHead>(
  source: ByteSource,
  layout: FrameLayout<Head>,
  starts: FrameStarts,
): Promise<Head | undefined> {
  const { frames, every, end } = starts;
  if (layout.indexOfAlike && !starts.alike) return undefined;
  const groups = Math.ceil(frames / every);
  let first: Head | undefined;
  for (let look = 0; look < LOOKS; look++) {
    const group = Math.round((look * (groups - 1)) / (LOOKS - 1));
    let position = starts.before(group * every);
    const next = Math.min(frames, (group + 1) * every);
    for (let frame = group * every; frame < next; frame++) {
      const head = await headAt(source, layout, position);
      if (typeof head !== 'object' || !layout.keep(head)) return undefined;
      if (layout.indexOfAlike && head.bytes * frames !== end) return undefined;
      first ??= head;
      if (head.atoms !== first.atoms) return undefined;
      position += head.bytes;
    }
    if (position !== (next < frames ? starts.before(next) : end)) return undefined;
  }
  return first;
}

/** Finds a frame between those whose start is known by walking to it, from the last one that was found if it can. */
function rangesIn<Head extends FrameHead>(source: ByteSource, layout: FrameLayout<Head>, starts: FrameStarts) {
  const { every, frames, end } = starts;
  let last = { frame: Number.POSITIVE_INFINITY, start: 0 };
  return async (frame: number): Promise<ByteRange> => {
    if (every === 1) return { start: starts.before(frame), end: frame + 1 < frames ? starts.before(frame + 1) : end };
    const near = last.frame <= frame && last.frame > frame - (frame % every);
    let { frame: at, start } = near ? last : { frame: frame - (frame % every), start: starts.before(frame) };
    for (;;) {
      const head = await headAt(source, layout, start);
      if (typeof head !== 'object') throw new ErgodicError(`\`${source.name}\` has changed since it was opened.`);
      const next = start + head.bytes;
      if (layout.keep(head) && at++ === frame) {
        last = { frame: at, start: next };
        return { start, end: next };
      }
      start = next;
    }
  };
}

const headAt = async <Head extends FrameHead>(source: ByteSource, layout: FrameLayout<Head>, position: number) =>
  layout.readHead(viewOf(await source.read(position, Math.min(layout.headBytes, source.size - position))), 0);

export const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
