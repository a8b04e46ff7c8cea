/**
 * The release gate: does this engine compute what the programs say, and are the derivatives in them right?
 *
 * Every primitive, every layer and whatever energies the caller adds, at widths where both libraries that we do not
 * build on go wrong and where they do not (`ergodic gradcheck`). Fixed seeds, so a verdict can be repeated. Both
 * errors go into one number: against the oracle entry by entry, and against central differences of the oracle.
 */
import type { Engine, EngineInfo } from './engine.ts';
import { checkOperation } from './gradcheck/check-operation.ts';
import { checkSubject } from './gradcheck/check-subject.ts';
import { layerSubjects } from './gradcheck/layer-subjects.ts';
import { operationCases } from './gradcheck/operation-cases.ts';
import type { GradcheckSubject } from './gradcheck/subject.ts';

export type { Energy, GradcheckSubject, SubjectInput } from './gradcheck/subject.ts';

export const GRADCHECK_WIDTHS = [3, 4, 8, 16, 96] as const;

export interface GradcheckOptions {
  readonly widths?: readonly number[];
  /** Networks, which the engines do not know of. */
  readonly subjects?: readonly GradcheckSubject[];
  /** Called after each operation or energy has been checked at one width, for a progress line. */
  onProgress?(progress: {
    readonly done: number;
    readonly total: number;
    readonly what: string;
    readonly width: number;
  }): void;
}

export interface GradcheckCase {
  readonly engine: EngineInfo['name'];
  readonly what: string;
  readonly width: number;
  /** As defined in `gradcheck/differences.ts`. */
  readonly relativeError: number;
}

export interface GradcheckReport {
  readonly maxRelativeError: number;
  readonly cases: readonly GradcheckCase[];
}

/** The largest relative error that passes, for an engine of this rounding unit. */
export const gradcheckTolerance = (precision: number): number => Math.max(1e-6, 2000 * precision);

export async function gradcheck(
  engine: Engine,
  reference: Engine,
  { widths = GRADCHECK_WIDTHS, subjects = [], onProgress }: GradcheckOptions = {},
): Promise<GradcheckReport> {
  const operations = widths.flatMap((width) =>
    operationCases(width).map((operation) => ({
      what: operation.what,
      width,
      check: () => checkOperation(engine, reference, operation),
    })),
  );
  const energies = [...layerSubjects, ...subjects].flatMap(({ what, build, widths: own = widths }) =>
    own.map((width) => ({ what, width, check: () => checkSubject(engine, reference, what, build(width)) })),
  );
  const checks = [...operations, ...energies];
  const cases: GradcheckCase[] = [];
  for (const [i, { what, width, check }] of checks.entries()) {
    for (const finding of await check()) cases.push({ engine: engine.name, width, ...finding });
    onProgress?.({ done: i + 1, total: checks.length, what, width });
  }
  return { maxRelativeError: cases.reduce((worst, { relativeError }) => Math.max(worst, relativeError), 0), cases };
}
