/**
 * What readers hand out and writers take: frames, one at a time, of a trajectory that stays on disk.
 * Units inside are nm, ps, kJ/mol whatever the file says. Opening scans headers only; a frame is one read.
 * A damaged file opens as far as its complete frames go, and says so in `problems`; one of which nothing can be read
 * is an ErgodicError that names the byte or the line.
 */
import type { Cell } from '../systems/periodic/cell.ts';
import type { Topology } from '../systems/topology.ts';

/** Of the precision the file has. */
export type Coordinates = Float32Array | Float64Array;

export interface Frame {
  /** nm, x y z of one atom after the other. */
  readonly positions: Coordinates;
  /** nm/ps. */
  readonly velocities?: Coordinates;
  /** kJ/(mol·nm). */
  readonly forces?: Coordinates;
  /** Absent where the file has none. */
  readonly cell?: Cell;
  /** ps. */
  readonly time?: number;
  readonly step?: number;
  /** Potential energy, kJ/mol. */
  readonly energy?: number;
}

/** What is wrong with a file that can be read all the same: one sentence, and where. */
export interface Problem {
  readonly message: string;
  readonly byte?: number;
  readonly line?: number;
}

export interface TrajectoryReader {
  /** As people call it: "XTC". */
  readonly format: string;
  readonly atoms: number;
  readonly frames: number;
  readonly problems: readonly Problem[];
  /**
   * What spares the scan at the next opening of the same bytes: where frames begin, and at last where the last one ends.
   * Absent where that is a mere product, or where the reader has to go through the file anyway.
   */
  readonly index?: Float64Array;
  /** 1/nm: positions are multiples of its inverse, where the file says so. */
  readonly precision?: number;
  /** Where a file of numbers happens to say what the atoms are. */
  readonly topology?: Topology;
  /** Whether frames have velocities, forces, … as far as the headers say. */
  readonly holds: { readonly velocities: boolean; readonly forces: boolean; readonly cell: boolean };
  frame(index: number): Promise<Frame>;
}

export interface OpenOptions {
  /** From an earlier opening of the very same bytes; a reader may still refuse it and scan. */
  readonly index?: Float64Array;
  readonly signal?: AbortSignal;
  /** Bytes scanned so far. */
  readonly progress?: (bytes: number) => void;
}

/** A file that also says what the atoms are. */
export interface StructureFile {
  readonly topology: Topology;
  /** None in a file that has a topology only (PSF). */
  readonly trajectory: TrajectoryReader | undefined;
  readonly problems: readonly Problem[];
}

/** Turns frames into the bytes of a file, one after the other. */
export interface TrajectoryWriter {
  /** What comes before the first frame. */
  head(): Uint8Array;
  frame(frame: Frame): Uint8Array;
  /** What comes after the last frame, and what is to be written over what stands at the beginning by now. */
  end(): {
    readonly tail: Uint8Array;
    readonly patches: readonly { readonly offset: number; readonly bytes: Uint8Array }[];
  };
}
