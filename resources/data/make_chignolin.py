"""A chain of ten C-alpha beads with chignolin's sequence that folds into a hairpin and unfolds, many times.

    python3 make_chignolin.py OUTPUT [--frames 50000] [--forces]

Writes OUTPUT/ca.pdb (the native hairpin) and OUTPUT/ca.xtc (a frame every 2 ps of a Langevin trajectory at 340 K,
step 10 fs, friction 1/ps), and prints how often it folds. The model is in go_model.py; it is no model of the real
chignolin beyond its length, its sequence and its fold: what it offers is two states, and a barrier between them that
a simulation has to get right. Time is that of the model.

Not part of the program: it needs Python with OpenMM >= 7.7, NumPy and mdtraj.
"""
import argparse
import pathlib

import numpy as np

import go_model

SEQUENCE = "GYDPETGTWG"
TEMPERATURE = 340.0  # K
STRIDE = 200  # steps of 0.01 ps
# phi, psi (degrees): two strands and a four-residue turn, alpha-R alpha-R gamma-R alpha-L, bent by at most 7 degrees
# each from textbook values so that beads 3-8, 2-9 and 1-10 face each other at 0.53, 0.50 and 0.53 nm.
DIHEDRALS = [
    (-120, 130), (-110, 134), (-87, 122), (-58, -29), (-67, -26),
    (-92, -4), (90, 13), (-108, 137), (-117, 128), (-120, 130),
]  # fmt: skip
# kJ/mol, chosen so that about half of the time is spent folded.
ENERGIES = {"contact": 5.1, "angle": 20.0, "dihedral": 1.0}


def states_of(share, folded=0.8, unfolded=0.15):
    """Folded or not, frame by frame: a state lasts until the other one is fully reached."""
    states, state = [], share[0] > 0.5
    for value in share:
        state = value >= folded or (state and value > unfolded)
        states.append(state)
    return np.array(states)


def report(positions, native, contacts, interval):
    share = go_model.folded_share(positions, native, contacts)
    states = states_of(share)
    crossings = int((states[1:] != states[:-1]).sum())
    counts = np.bincount(np.round(share * len(contacts)).astype(int), minlength=len(contacts) + 1)
    distance = go_model.distances(positions)[:, 1, 8]
    centred = share - share.mean()
    print("native contacts", ", ".join(f"{i + 1}-{j + 1}" for i, j in contacts))
    print(f"folded {states.mean():.2f}, {crossings} transitions in {len(share)} frames")
    print("halves", states[: len(states) // 2].mean().round(3), states[len(states) // 2 :].mean().round(3))
    print("share of frames by number of native contacts", (counts / len(share)).round(3))
    print("distance 2-9 in steps of 0.1 nm from 0.3", (np.histogram(distance, np.arange(0.3, 2.6, 0.1))[0] / len(share)).round(3))
    bonds = np.linalg.norm(np.diff(positions, axis=1), axis=-1)
    print(f"bonds {bonds.mean():.4f} +- {bonds.std(axis=0).mean():.4f} nm")
    for lag in (1, 2, 5, 10, 20, 50, 100, 200, 400):
        if lag < len(share) // 10:
            memory = (centred[lag:] * centred[:-lag]).mean() / centred.var()
            time = -lag * interval / np.log(memory) if memory > 0 else 0
            print(f"lag {lag} frames: autocorrelation of the contacts {memory:.3f}, relaxation {time:.0f} ps")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("output", type=pathlib.Path)
    parser.add_argument("--frames", type=int, default=50000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--forces", action="store_true", help="also OUTPUT/ca.npz, with forces and energies")
    arguments = parser.parse_args()
    native = go_model.native_structure(DIHEDRALS)
    contacts = go_model.contacts_of(native)
    system = go_model.system_of(native, contacts, TEMPERATURE, **ENERGIES)
    positions, forces, energies = go_model.simulated(system, native, TEMPERATURE, arguments.frames, STRIDE, arguments.seed)
    go_model.write(arguments.output, SEQUENCE, native, positions, STRIDE * 0.01)
    if arguments.forces:
        go_model.write_forces(arguments.output / "ca.npz", positions, forces, energies)
    report(positions, native, contacts, STRIDE * 0.01)


if __name__ == "__main__":
    main()
