/**
 * Time and step in the title of a frame, "… t= 12.5 step= 100", as GROMACS keeps them in GRO and PDB files; ps.
 */
import type { Frame } from './trajectory.ts';

type Moment = Pick<Frame, 'time' | 'step'>;

export function timeOfTitle(title: string): Moment {
  const time = Number(/\bt=\s*([-+\d.eE]+)/.exec(title)?.[1] ?? Number.NaN);
  const step = Number(/\bstep=\s*(\d+)/.exec(title)?.[1] ?? Number.NaN);
  return { ...(Number.isFinite(time) ? { time } : {}), ...(Number.isFinite(step) ? { step } : {}) };
}

export const titleOfTime = ({ time, step }: Moment): string =>
  [time === undefined ? [] : `t= ${time}`, step === undefined ? [] : `step= ${step}`].flat().join(' ');
