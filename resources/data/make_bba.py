"""A chain of 28 C-alpha beads with the length and the sequence of a beta-beta-alpha mini-protein.

    python3 make_bba.py OUTPUT [--frames 5000] [--forces]

Writes OUTPUT/ca.pdb (the native structure: a hairpin with a helix packed against it) and OUTPUT/ca.xtc (a frame every
5 ps of a Langevin trajectory at 325 K, step 10 fs, friction 1/ps). For tests of formats and speed: its energies are
not tuned for a clean folding transition. The model is in go_model.py.

Not part of the program: it needs Python with OpenMM >= 7.7, NumPy and mdtraj.
"""
import argparse
import pathlib

import go_model

SEQUENCE = "EQYTAKYKGRTFRNEKELRDFIEKFKGR"
TEMPERATURE = 325.0  # K
STRIDE = 500  # steps of 0.01 ps
# phi, psi (degrees): strand, two-residue turn (type I'), strand, loop, helix. The loop was searched at random for the
# largest number of helix beads within 0.9 nm of the hairpin and none within 0.62 nm.
DIHEDRALS = (
    [(-120, 135)] * 7 + [(55, 35), (85, 5)] + [(-120, 135)] * 4 + [(-130, 169), (-75, -8), (-129, 125)] + [(-60, -45)] * 12
)
REACH = 0.8  # nm
ENERGIES = {"contact": 4.0, "angle": 20.0, "dihedral": 2.0}  # kJ/mol


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("output", type=pathlib.Path)
    parser.add_argument("--frames", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--forces", action="store_true", help="also OUTPUT/ca.npz, with forces and energies")
    arguments = parser.parse_args()
    native = go_model.native_structure(DIHEDRALS)
    contacts = go_model.contacts_of(native, REACH)
    system = go_model.system_of(native, contacts, TEMPERATURE, **ENERGIES)
    positions, forces, energies = go_model.simulated(system, native, TEMPERATURE, arguments.frames, STRIDE, arguments.seed)
    go_model.write(arguments.output, SEQUENCE, native, positions, STRIDE * 0.01)
    if arguments.forces:
        go_model.write_forces(arguments.output / "ca.npz", positions, forces, energies)
    share = go_model.folded_share(positions, native, contacts)
    print(f"{len(contacts)} native contacts, of which on average {share.mean():.2f} are there, from {share.min():.2f}")
    print("in tenths of the trajectory", share[: len(share) // 10 * 10].reshape(10, -1).mean(axis=1).round(2))


if __name__ == "__main__":
    main()
