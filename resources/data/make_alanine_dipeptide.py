"""Equilibrium frames of alanine dipeptide, ACE-ALA-NME, at 300 K: as make_dipeptides.py makes those of two residues.

    python3 make_alanine_dipeptide.py OUTPUT [--frames 12000]

Writes OUTPUT/topology.pdb and OUTPUT/frames.xtc (all 22 atoms, a frame every 0.5 ps, centred). Same force field and
dynamics; rotations about phi and psi take the molecule between its states, so that phi > 0 is populated as it should be.

Not part of the program: it needs Python with OpenMM >= 7.7, NumPy and mdtraj.
"""
import argparse
import pathlib

import make_dipeptides

make_dipeptides.TEMPERATURE = 300.0
make_dipeptides.KT = 0.00831446261815324 * make_dipeptides.TEMPERATURE


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("output", type=pathlib.Path)
    parser.add_argument("--frames", type=int, default=12000)
    arguments = parser.parse_args()
    arguments.output.mkdir(parents=True, exist_ok=True)
    make_dipeptides.make("A", arguments.output, arguments.frames, seed=22)
    (arguments.output / "A.pdb").rename(arguments.output / "topology.pdb")
    (arguments.output / "A.xtc").rename(arguments.output / "frames.xtc")


if __name__ == "__main__":
    main()
