"""Equilibrium frames of capped dipeptides, ACE-X-Y-NME, with OpenMM: molecular dynamics and rotations about bonds.

    python3 make_dipeptides.py OUTPUT [--frames 10000] [--sequences AA,AV,VA,AL,LA,VL]

Writes OUTPUT/<XY>.pdb (residues ACE 1, X 2, Y 3, NME 4) and OUTPUT/<XY>.xtc (all atoms, a frame every 0.5 ps, centred).

AMBER99SB-ILDN with OBC implicit solvent, no cut-off, 310 K, Langevin dynamics (1/ps) with bonds to hydrogen
constrained. Hydrogens weigh 3 amu, taken from the atom they are bound to, so that a step may be 4 fs long: masses do
not enter the equilibrium distribution, which is what these data are for.

Plain dynamics would see phi > 0 once in tens of nanoseconds. So after every 0.5 ps some rotations about phi, psi and
chi are proposed, and accepted by Metropolis' rule: without explicit water a good part is. The frames follow the
Boltzmann distribution at 310 K without weights, but they are no basis for rates: the molecule jumps between them.

Not part of the program: it needs Python with OpenMM >= 7.7, NumPy and mdtraj.
"""
import argparse
import pathlib
import random
import time

import mdtraj
import numpy as np
import openmm
from openmm import app, unit

TEMPERATURE = 310.0  # K
STEP = 0.004  # ps
STEPS_PER_FRAME = 125  # 0.5 ps
PROPOSALS_PER_FRAME = 20
EQUILIBRATION = 200  # frames that are thrown away
KT = 0.00831446261815324 * TEMPERATURE  # kJ/mol

# Residues by letter: name; heavy atoms of the side chain beyond CB, each with the three atoms before it, bond (nm),
# angle and dihedral (degrees); the bonds that rotamers differ by.
RESIDUES = {
    "A": ("ALA", [], []),
    "V": (
        "VAL",
        [("CG1", "N", "CA", "CB", 0.1524, 110.5, 175.0), ("CG2", "N", "CA", "CB", 0.1524, 110.5, -63.0)],
        [("CA", "CB")],
    ),
    "L": (
        "LEU",
        [
            ("CG", "N", "CA", "CB", 0.1530, 116.3, -65.0),
            ("CD1", "CA", "CB", "CG", 0.1524, 110.5, 175.0),
            ("CD2", "CA", "CB", "CG", 0.1524, 110.5, -63.0),
        ],
        [("CA", "CB"), ("CB", "CG")],
    ),
    "I": (
        "ILE",
        [
            ("CG1", "N", "CA", "CB", 0.1530, 110.4, -63.0),
            ("CG2", "N", "CA", "CB", 0.1524, 110.5, 175.0),
            ("CD1", "CA", "CB", "CG1", 0.1513, 113.9, 170.0),
        ],
        [("CA", "CB"), ("CB", "CG1")],
    ),
    "S": ("SER", [("OG", "N", "CA", "CB", 0.1417, 110.8, 60.0)], [("CA", "CB")]),
    "T": (
        "THR",
        [("OG1", "N", "CA", "CB", 0.1433, 109.6, 60.0), ("CG2", "N", "CA", "CB", 0.1521, 111.1, -60.0)],
        [("CA", "CB")],
    ),
}

def placed(a, b, c, bond, angle, dihedral):
    """Where an atom lies that is bound to c, from internal coordinates (nm, degrees) relative to a, b, c."""
    angle, dihedral = np.radians(angle), np.radians(dihedral)
    along = (c - b) / np.linalg.norm(c - b)
    normal = np.cross(b - a, along)
    normal /= np.linalg.norm(normal)
    side = np.cross(normal, along)
    return c + bond * (
        -np.cos(angle) * along + np.sin(angle) * (np.cos(dihedral) * side + np.sin(dihedral) * normal)
    )


def heavy_atoms(sequence, phi=-80.0, psi=120.0):
    """Residues as (name, {atom: position in nm}), with ideal geometry and trans peptide bonds."""
    ch3 = np.zeros(3)
    c = np.array([0.1525, 0.0, 0.0])
    o = placed(np.array([0.0, 0.1, 0.0]), ch3, c, 0.1231, 120.5, 0.0)
    residues = [("ACE", {"CH3": ch3, "C": c, "O": o})]
    before, carbonyl = ch3, c  # the atoms the next residue is bound to
    n = placed(np.array([0.0, 0.1, 0.0]), before, carbonyl, 0.1329, 116.6, 180.0)
    for letter in sequence:
        name, side_chain, _ = RESIDUES[letter]
        ca = placed(before, carbonyl, n, 0.1458, 121.7, 180.0)
        c = placed(carbonyl, n, ca, 0.1525, 111.0, phi)
        atoms = {"N": n, "CA": ca}
        atoms["CB"] = placed(carbonyl, n, ca, 0.1530, 110.5, phi - 122.5)  # left-handed amino acids
        for atom, first, second, third, bond, angle, dihedral in side_chain:
            atoms[atom] = placed(atoms[first], atoms[second], atoms[third], bond, angle, dihedral)
        atoms["C"] = c
        atoms["O"] = placed(n, ca, c, 0.1231, 120.1, psi + 180.0)
        residues.append((name, atoms))
        n = placed(n, ca, c, 0.1329, 116.9, psi)
        before, carbonyl = ca, c
    methyl = placed(before, carbonyl, n, 0.1458, 121.7, 180.0)
    residues.append(("NME", {"N": n, "C": methyl}))
    return residues


def built(sequence, forcefield):
    """Topology and positions of ACE-sequence-NME with hydrogens."""
    topology = app.Topology()
    chain = topology.addChain("A")
    positions = []
    for number, (name, atoms) in enumerate(heavy_atoms(sequence), start=1):
        residue = topology.addResidue(name, chain, id=str(number))
        for atom, position in atoms.items():
            topology.addAtom(atom, app.Element.getBySymbol(atom[0]), residue)
            positions.append(openmm.Vec3(*position))
    topology.createStandardBonds()
    modeller = app.Modeller(topology, positions * unit.nanometer)
    random.seed(1)  # hydrogens are placed at random before they are relaxed
    modeller.addHydrogens(forcefield)
    return modeller.topology, modeller.positions


def simulation_of(topology, positions, forcefield, seed):
    system = forcefield.createSystem(
        topology,
        nonbondedMethod=app.NoCutoff,
        constraints=app.HBonds,
        hydrogenMass=3 * unit.amu,
        removeCMMotion=False,
    )
    integrator = openmm.LangevinMiddleIntegrator(TEMPERATURE, 1.0, STEP)
    integrator.setRandomNumberSeed(seed)
    # The slow reference platform is the fastest one for forty atoms: nothing is spent on starting threads.
    context = openmm.Context(system, integrator, openmm.Platform.getPlatformByName("Reference"))
    context.setPositions(positions)
    openmm.LocalEnergyMinimizer.minimize(context)
    context.setVelocitiesToTemperature(TEMPERATURE, seed)
    return context


def beyond(topology, first, second):
    """Atoms that turn with `second` when the bond between these two atoms is rotated."""
    neighbours = {atom.index: [] for atom in topology.atoms()}
    for one, other in topology.bonds():
        neighbours[one.index].append(other.index)
        neighbours[other.index].append(one.index)
    found, waiting = {first, second}, [second]
    while waiting:
        for atom in neighbours[waiting.pop()]:
            if atom not in found:
                found.add(atom)
                waiting.append(atom)
    return np.array(sorted(found - {first, second}))


def anywhere(generator):
    return generator.uniform(-np.pi, np.pi)


def next_rotamer(generator):
    return generator.choice([-1, 1]) * 2 * np.pi / 3 + generator.normal(0, 0.3)


def moves_of(topology, sequence):
    """Kinds of proposals as (bonds, factors, draw): each bond turns by an angle of its own, or, where there are factors,
    by its factor times one angle. Angles of either sign are equally likely, so that every move is as likely as its
    reverse."""
    atoms = [{atom.name: atom.index for atom in residue.atoms()} for residue in topology.residues()]

    def bond(place, first, second):
        pair = atoms[place][first], atoms[place][second]
        return (*pair, beyond(topology, *pair))

    moves, places = [], range(1, len(sequence) + 1)
    for place in places:
        phi, psi = bond(place, "N", "CA"), bond(place, "CA", "C")
        moves += [([phi], None, anywhere), ([psi], None, anywhere), ([phi, psi], None, anywhere)]
        if place + 1 in places:  # a peptide group turns in place
            moves.append(([psi, bond(place + 1, "N", "CA")], [1, -1], anywhere))
        rotors = [bond(place, *names) for names in RESIDUES[sequence[place - 1]][2]]
        moves += [([rotor], None, next_rotamer) for rotor in rotors]
        if len(rotors) > 1:
            moves.append((rotors, None, next_rotamer))
    return moves


def rotated(positions, bond, angle):
    """Positions after the atoms beyond a bond have turned about it."""
    first, second, moving = bond
    axis = positions[second] - positions[first]
    axis /= np.linalg.norm(axis)
    arm = positions[moving] - positions[second]
    along = np.outer(arm @ axis, axis)
    turned = positions.copy()
    turned[moving] = (
        positions[second] + along + np.cos(angle) * (arm - along) + np.sin(angle) * np.cross(axis, arm)
    )
    return turned


def positions_of(context):
    return np.array(context.getState(getPositions=True).getPositions(asNumpy=True)._value)


def energy_of(context):
    return context.getState(getEnergy=True).getPotentialEnergy()._value


def propose(context, moves, tries, generator):
    """Metropolis steps; returns [proposed, accepted] by kind of move. Rotations leave the constrained lengths alone."""
    counts = np.zeros((len(moves), 2), dtype=int)
    positions, energy = positions_of(context), energy_of(context)
    for _ in range(tries):
        kind = generator.integers(len(moves))
        bonds, factors, draw = moves[kind]
        angles = draw(generator) * np.array(factors) if factors else [draw(generator) for _ in bonds]
        trial = positions
        for bond, angle in zip(bonds, angles):
            trial = rotated(trial, bond, angle)
        context.setPositions(trial)
        trial_energy = energy_of(context)
        counts[kind, 0] += 1
        if generator.random() < np.exp(min(0.0, (energy - trial_energy) / KT)):
            positions, energy = trial, trial_energy
            counts[kind, 1] += 1
    context.setPositions(positions)
    if counts[:, 1].any():  # the old velocities do not fit the new directions of the constrained bonds
        context.setVelocitiesToTemperature(TEMPERATURE, int(generator.integers(2**31)))
    return counts


def make(sequence, folder, frames, seed):
    started = time.process_time()
    forcefield = app.ForceField("amber99sbildn.xml", "amber99_obc.xml")
    topology, positions = built(sequence, forcefield)
    context = simulation_of(topology, positions, forcefield, seed)
    moves = moves_of(topology, sequence)
    generator = np.random.default_rng(seed)
    xyz = np.empty((frames, topology.getNumAtoms(), 3), dtype=np.float32)
    counts = np.zeros((len(moves), 2), dtype=int)
    for frame in range(-EQUILIBRATION, frames):
        counts += propose(context, moves, PROPOSALS_PER_FRAME, generator)
        context.getIntegrator().step(STEPS_PER_FRAME)
        if frame >= 0:
            positions = positions_of(context)
            xyz[frame] = positions - positions.mean(axis=0)
    with open(folder / f"{sequence}.pdb", "w") as file:
        app.PDBFile.writeModel(topology, xyz[0] * unit.nanometer, file, keepIds=True)
        app.PDBFile.writeFooter(topology, file)
    times = np.arange(1, frames + 1, dtype=np.float32) * STEPS_PER_FRAME * STEP
    mdtraj.Trajectory(xyz, mdtraj.Topology.from_openmm(topology), time=times).save_xtc(str(folder / f"{sequence}.xtc"))
    shares = ", ".join(f"{accepted / proposed:.1%}" for proposed, accepted in counts)
    print(
        f"{sequence}: {topology.getNumAtoms()} atoms, {frames} frames, {time.process_time() - started:.0f} s; "
        f"accepted by kind of move: {shares}",
        flush=True,
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("output", type=pathlib.Path)
    parser.add_argument("--frames", type=int, default=10000)
    parser.add_argument("--sequences", default="AA,AV,VA,AL,LA,VL")
    arguments = parser.parse_args()
    arguments.output.mkdir(parents=True, exist_ok=True)
    for sequence in arguments.sequences.split(","):
        make(sequence, arguments.output, arguments.frames, int.from_bytes(sequence.encode(), "big"))


if __name__ == "__main__":
    main()
