import { expect, test } from 'vitest';
import { moleculeFormats } from '../core/formats/molecule-formats.ts';
import { openDialogs } from './questions.ts';

test('the dialog for files offers every format that is read', () => {
  const [known] = openDialogs.files.filters!;
  expect([...known!.extensions].sort()).toEqual(moleculeFormats.flatMap(({ extensions }) => extensions).sort());
});
