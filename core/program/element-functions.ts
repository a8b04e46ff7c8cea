/**
 * What each element-wise primitive means for numbers: the oracle computes with this table and simplification folds
 * literals with it.
 */
import type { PrimitiveName } from './tensor.ts';

export const elementFunctions: Readonly<Partial<Record<PrimitiveName, (a: number, b: number, c: number) => number>>> = {
  add: (a, b) => a + b,
  mul: (a, b) => a * b,
  neg: (a) => -a,
  reciprocal: (a) => 1 / a,
  exp: Math.exp,
  log: Math.log,
  tanh: Math.tanh,
  sqrt: Math.sqrt,
  sin: Math.sin,
  cos: Math.cos,
  greater: (a, b) => (a > b ? 1 : 0),
  equal: (a, b) => (a === b ? 1 : 0),
  select: (c, a, b) => (c !== 0 ? a : b),
  stopGradient: (a) => a,
};
