/** Weights of biased data as a person chooses them: what each does, and what files must carry for it. */

export type Carried = 'forces' | 'energies';

interface WeightChoice {
  readonly about: string;
  readonly needs?: Carried;
}

const ofFrames: Readonly<Record<string, WeightChoice>> = {
  none: { about: 'Every frame counts the same: what is learned is distributed as the data are.' },
  given: { about: 'Each frame counts as a file says, of metadynamics or umbrella sampling, say.' },
  energies: {
    about:
      'From one temperature to another by the energy of each frame: exact, but few frames of a large molecule remain.',
    needs: 'energies',
  },
  'regressed-energies': {
    about:
      'From one temperature to another by the part of the energies that the beads tell of: far more frames remain.',
    needs: 'energies',
  },
  forces: {
    about:
      'Learned from the forces of the frames, no matter what the bias is. Look at the map with weights before you train.',
    needs: 'forces',
  },
};

/** A toy has exact energies and forces. */
const ofSamples: Readonly<Record<string, WeightChoice>> = {
  none: { about: 'Every sample counts the same: what is learned is distributed as the samples are.' },
  energies: { about: 'From one temperature to another by the exact energies.' },
  forces: { about: 'Learned from the exact forces, no matter what the bias is.' },
};

export const weightChoices = (isMolecule: boolean) => (isMolecule ? ofFrames : ofSamples);

/** Formats that carry them, for a sentence. */
export const carriers: Readonly<Record<Carried, string>> = {
  forces: 'TRR, extended XYZ and NPZ files',
  energies: 'extended XYZ and NPZ files',
};

/** What the files lack. `hold`: undefined while it is not known. */
export function lackingText(hold: (what: Carried) => boolean | undefined): string | undefined {
  const [energies, forces] = [hold('energies') === false, hold('forces') === false];
  if (energies && forces) {
    return 'These files have neither energies nor forces, which the last three choices need: extended XYZ and NPZ files carry both, TRR files forces.';
  }
  if (energies) return `These files have no energies, which two of the choices need: ${carriers.energies} carry them.`;
  if (forces) return `These files have no forces, which the last choice needs: ${carriers.forces} carry them.`;
  return undefined;
}
