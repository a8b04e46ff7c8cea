/**
 * What trains a run once more that the automatic method has trained: its data and its further settings, with the choice
 * of experts left open again. Not here: going on with a run that was interrupted.
 */
import { ErgodicError } from '../errors.ts';
import type { RunRecord } from '../runs/run-folder.ts';
import type { Specification } from '../specification/settings.ts';
import { validateSpecification } from '../specification/specification.ts';

/** As good as the data allow, however long its own training was allowed to take. */
export function leftToAutomatic({ specification, choice }: Pick<RunRecord, 'specification' | 'choice'>): Specification {
  if (!choice) {
    throw new ErgodicError(
      `The experts of \`${specification.name}\` were named by a person: start a new run from the settings instead.`,
    );
  }
  const { experts: _, ...rest } = specification as Specification & { experts: unknown };
  return validateSpecification({ ...rest, method: 'auto', minutes: 0 }, specification.name);
}

/** How long the automatic method trained, s; undefined for other runs, and while it trains. */
export const automaticSeconds = ({ choice, seconds }: Pick<RunRecord, 'choice' | 'seconds'>): number | undefined =>
  choice?.ending === undefined ? undefined : seconds.train;
