/**
 * PDB, the text of 80 columns in which structures are exchanged: atoms, their bonds as far as CONECT says, and one
 * frame for each model. Models end with ENDMDL or, as VMD writes them, with a mere END; the first one gives the
 * topology. Only where models begin is kept: frames are read again from the file, whatever its size.
 * Of alternate locations the first is kept (topology-builder.ts). Writing: pdb/writer.ts.
 * Not here: secondary structure, symmetry, anisotropic displacements; what columns hold (pdb/columns.ts).
 */
import { ErgodicError } from '../errors.ts';
import type { ByteSource } from './byte-source.ts';
import { beginsWith, decodeText } from './byte-text.ts';
import { scanLines } from './lines.ts';
import { pdbFault, positionFault, readCell, readPosition } from './pdb/columns.ts';
import { ModelIndex } from './pdb/model-index.ts';
import { timeOfTitle } from './title-time.ts';
import type { Frame, OpenOptions, StructureFile } from './trajectory.ts';

export { type PdbWriterOptions, pdbWriter } from './pdb/writer.ts';

/** 1/nm: three decimals of an Å. */
const PRECISION = 10_000;
/** Characters; the time stands at its end. */
const LONGEST_TITLE = 1000;

export async function openPdb(source: ByteSource, options: OpenOptions = {}): Promise<StructureFile> {
  const models = (await indexAgain(source, options)) ?? (await indexModels(source, options));
  const { topology, indices, cell: firstCell, problems } = models.finish();
  const index = models.index();
  const { rows } = models;
  const frames = index.length - 1;
  const atoms = topology.atoms.length;

  const frame = async (number: number): Promise<Frame> => {
    if (!(Number.isInteger(number) && number >= 0 && number < frames)) {
      throw new ErgodicError(`\`${source.name}\` has ${frames} frames; there is no frame ${number}.`);
    }
    const positions = new Float32Array(3 * atoms);
    let cell = firstCell;
    let title = '';
    let row = 0;
    await scanLines(
      source,
      (line) => {
        const { bytes, start, end } = line;
        if (beginsWith(bytes, start, end, 'ATOM') || beginsWith(bytes, start, end, 'HETATM')) {
          const atomIndex = indices ? indices[row]! : row;
          row++;
          if (atomIndex < 0 || atomIndex >= atoms) return true;
          if (!readPosition(line, positions, 3 * atomIndex)) {
            throw pdbFault(source.name, `it has ${positionFault(line)}`, `byte ${line.offset}, frame ${number}`);
          }
        } else if (beginsWith(bytes, start, end, 'CRYST1')) cell = readCell(line);
        else if (beginsWith(bytes, start, end, 'TITLE')) {
          title = `${title}${decodeText(bytes, start, Math.min(end, start + 80))}`.slice(-LONGEST_TITLE);
        }
        return true;
      },
      { from: index[number]!, to: index[number + 1]! },
    );
    if (row !== rows) throw new ErgodicError(`\`${source.name}\` has changed since it was opened.`);
    return { positions, ...(cell ? { cell } : {}), ...timeOfTitle(title) };
  };

  const holds = { velocities: false, forces: false, cell: firstCell !== undefined };
  const trajectory = { format: 'PDB', atoms, frames, problems, index, precision: PRECISION, holds, frame };
  return { topology, problems, trajectory };
}

async function indexModels(source: ByteSource, { signal, progress }: OpenOptions): Promise<ModelIndex> {
  const models = new ModelIndex(source.name);
  await scanLines(source, (line) => models.line(line), { signal, progress });
  models.close();
  return models;
}

/** From an earlier index: reads the first model, and what follows the last one, as the bonds may be there. */
async function indexAgain(source: ByteSource, { index, signal, progress }: OpenOptions) {
  if (!index || index.length < 2 || index[0] !== 0 || index.at(-1)! > source.size) return undefined;
  if (!index.every((start, i) => Number.isSafeInteger(start) && (i === 0 || start > index[i - 1]!))) return undefined;
  const models = new ModelIndex(source.name);
  try {
    await scanLines(source, (line) => models.line(line), { to: index[1]!, signal });
  } catch (error) {
    if (error instanceof ErgodicError) return undefined;
    throw error;
  }
  models.close();
  if (!models.skipTo(index)) return undefined;
  await scanLines(source, (line) => models.line(line), { from: index.at(-1)!, signal, progress });
  models.close();
  return models;
}
