/** What is to be exported of a run, as the contract has checked it. */
import type { CheckedBody } from '../contract.ts';

export type CheckedExport = Extract<CheckedBody<'jobs.add'>, { kind: 'export' }>['export'];
