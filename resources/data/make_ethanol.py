"""Ethanol in vacuum at 500 K, all nine atoms: a short, biased trajectory with forces, and a reference of independent frames.

    python3 make_ethanol.py OUTPUT [--frames 2000]

Writes OUTPUT/ethanol.pdb (with CONECT), OUTPUT/frames.npz (a frame every 2 fs with its forces and energy: the arrays
of an MD17 file) and OUTPUT/reference.xtc (a frame every 5 ps, positions only), and prints what is biased in the first.

OPLS-AA (Jorgensen, Maxwell, Tirado-Rives, JACS 118, 11225, 1996), all parameters below: no bond is constrained, nothing is
cut off. Langevin dynamics (`LangevinMiddleIntegrator`, 2/ps, 0.5 fs). The biased trajectory is the first of a series of
4 ps, each begun at a frame of the reference, in which the methyl group stays in one of its three positions while the hydroxyl
group is trans for as much of the time as in the reference: exchanges of like atoms mend the former and not the latter. Its
virial, which is noisy in so short a time, is within 10 % of what it should be.

Not part of the program: it needs Python with OpenMM >= 7.7, NumPy and mdtraj.
"""
import argparse
import itertools
import pathlib

import mdtraj
import numpy as np
import openmm
from openmm import app, unit

from make_dipeptides import placed

TEMPERATURE = 500.0  # K
FRICTION = 2.0  # 1/ps
STEP = 0.0005  # ps
BIASED_STRIDE = 4  # steps from frame to frame: 2 fs
REFERENCE_STRIDE = 10_000  # 5 ps
EQUILIBRATION = 40_000  # steps
ATTEMPTS = 20
LARGEST_ERROR = 0.08  # of the fraction of trans
LARGEST_VIRIAL_ERROR = 0.1
CALORIE = 4.184  # J
KT = 0.00831446261815324 * TEMPERATURE / CALORIE  # kcal/mol

# Names, elements, OPLS-AA types and charges, in the order of the ethanol of MD17.
ATOMS = [
    ("C1", "C", "CT", 0.145),
    ("C2", "C", "CT", -0.180),
    ("O", "O", "OH", -0.683),
    ("H11", "H", "HC", 0.060),
    ("H12", "H", "HC", 0.060),
    ("H21", "H", "HC", 0.060),
    ("H22", "H", "HC", 0.060),
    ("H23", "H", "HC", 0.060),
    ("HO", "H", "HO", 0.418),
]
BONDS = [(0, 1), (0, 2), (0, 3), (0, 4), (1, 5), (1, 6), (1, 7), (2, 8)]
# sigma (Å) and epsilon (kcal/mol); combined by their geometric means, halved for atoms three bonds apart, as charges are.
LENNARD_JONES = {"CT": (3.50, 0.066), "HC": (2.50, 0.030), "OH": (3.12, 0.170), "HO": (0.0, 0.0)}
# k (r - r0)²: r0 in Å, k in kcal/mol/Å²; k (a - a0)²: a0 in degrees, k in kcal/mol/rad².
BOND = {"CT-CT": (1.529, 268), "CT-HC": (1.090, 340), "CT-OH": (1.410, 320), "HO-OH": (0.945, 553)}
ANGLE = {
    "CT-CT-HC": (110.7, 37.5),
    "HC-CT-HC": (107.8, 33.0),
    "CT-CT-OH": (109.5, 50.0),
    "HC-CT-OH": (109.5, 35.0),
    "CT-OH-HO": (108.5, 55.0),
}
# V1/2 (1 + cos a) + V2/2 (1 - cos 2a) + V3/2 (1 + cos 3a), kcal/mol.
TORSION = {
    "HC-CT-CT-HC": (0, 0, 0.300),
    "HC-CT-CT-OH": (0, 0, 0.468),
    "CT-CT-OH-HO": (-0.356, -0.174, 0.492),
    "HC-CT-OH-HO": (0, 0, 0.450),
}
METHYL = (7, 1, 0, 2)
HYDROXYL = (1, 0, 2, 8)


def parameters(table, atoms):
    types = [ATOMS[atom][2] for atom in atoms]
    key = "-".join(types)
    return table[key] if key in table else table["-".join(reversed(types))]


def chains(length):
    """Chains of atoms that are bound to one another, each in one direction."""
    neighbours = {atom: [a + b - atom for a, b in BONDS if atom in (a, b)] for atom in range(len(ATOMS))}
    found = [(atom,) for atom in range(len(ATOMS))]
    for _ in range(length - 1):
        found = [(*one, atom) for one in found for atom in neighbours[one[-1]] if atom not in one]
    return [one for one in found if one[0] < one[-1]]


def system_of():
    system = openmm.System()
    for _, element, _, _ in ATOMS:
        system.addParticle(app.Element.getBySymbol(element).mass)
    bonds, angles, torsions = openmm.HarmonicBondForce(), openmm.HarmonicAngleForce(), openmm.PeriodicTorsionForce()
    # OpenMM has k/2 where OPLS has k.
    for atoms in chains(2):
        length, k = parameters(BOND, atoms)
        bonds.addBond(*atoms, length / 10, 2 * k * CALORIE * 100)
    for atoms in chains(3):
        angle, k = parameters(ANGLE, atoms)
        angles.addAngle(*atoms, np.radians(angle), 2 * k * CALORIE)
    for atoms in chains(4):
        for number, barrier in enumerate(parameters(TORSION, atoms), start=1):
            if barrier != 0:
                torsions.addTorsion(*atoms, number, 0 if number % 2 else np.pi, barrier / 2 * CALORIE)
    nonbonded = openmm.NonbondedForce()
    nonbonded.setNonbondedMethod(openmm.NonbondedForce.NoCutoff)
    for _, _, kind, charge in ATOMS:
        nonbonded.addParticle(charge, LENNARD_JONES[kind][0] / 10, LENNARD_JONES[kind][1] * CALORIE)
    # Every pair by name, as OpenMM would take the arithmetic mean of sigma.
    near = {frozenset((one[0], one[-1])) for length in (2, 3) for one in chains(length)}
    third = {frozenset((one[0], one[-1])) for one in chains(4)} - near
    for i, j in itertools.combinations(range(len(ATOMS)), 2):
        (si, ei), (sj, ej) = (LENNARD_JONES[ATOMS[atom][2]] for atom in (i, j))
        scale = 0 if frozenset((i, j)) in near else 0.5 if frozenset((i, j)) in third else 1
        charges = scale * ATOMS[i][3] * ATOMS[j][3]
        nonbonded.addException(i, j, charges, np.sqrt(si * sj) / 10, scale * np.sqrt(ei * ej) * CALORIE)
    for force in (bonds, angles, torsions, nonbonded):
        system.addForce(force)
    return system


def built():
    """A conformation with everything trans, nm."""
    at = {1: np.zeros(3), 0: np.array([0.1529, 0, 0])}
    at[2] = placed(np.array([-0.05, 0.1, 0]), at[1], at[0], 0.141, 109.5, 180)
    at[8] = placed(at[1], at[0], at[2], 0.0945, 108.5, 180)
    for atom, angle in ((3, 60), (4, -60)):
        at[atom] = placed(at[8], at[2], at[0], 0.109, 109.5, angle)
    for atom, angle in ((5, 60), (6, -60), (7, 180)):
        at[atom] = placed(at[2], at[0], at[1], 0.109, 110.7, angle)
    return np.array([at[atom] for atom in range(len(ATOMS))])


def dihedrals(positions, quadruple):
    """In degrees, frame by frame."""
    a, b, c, d = (positions[:, atom] for atom in quadruple)
    axis = (c - b) / np.linalg.norm(c - b, axis=1)[:, None]
    before, after = np.cross(b - a, axis), np.cross(axis, d - c)
    return np.degrees(np.arctan2((np.cross(before, after) * axis).sum(axis=1), (before * after).sum(axis=1)))


def wells(angles):
    """0, 1, 2: about 60°, 180° and -60°."""
    return (np.floor(angles / 120) % 3).astype(int)


def bond_spreads(positions):
    return np.array([np.linalg.norm(positions[:, a] - positions[:, b], axis=1).std() for a, b in BONDS])


def virial(positions, forces):
    """-<x F> over (3N - 3) kT: 1 for the forces of a Boltzmann distribution. Å, kcal/mol/Å."""
    return -(positions * forces).sum(axis=(1, 2)).mean() / ((3 * len(ATOMS) - 3) * KT)


def run(context, frames, stride):
    """Positions in Å, centred; forces in kcal/mol/Å; energies in kcal/mol."""
    positions, forces, energies = np.empty((frames, len(ATOMS), 3)), np.empty((frames, len(ATOMS), 3)), np.empty(frames)
    for frame in range(frames):
        context.getIntegrator().step(stride)
        state = context.getState(getPositions=True, getForces=True, getEnergy=True)
        at = state.getPositions(asNumpy=True).value_in_unit(unit.angstrom)
        positions[frame] = at - at.mean(axis=0)
        forces[frame] = state.getForces(asNumpy=True).value_in_unit(unit.kilocalorie_per_mole / unit.angstrom)
        energies[frame] = state.getPotentialEnergy().value_in_unit(unit.kilocalorie_per_mole)
    return positions, forces, energies


def populations(positions):
    """Of the three positions of the methyl group, and of the hydroxyl group."""
    return [np.bincount(wells(dihedrals(positions, one)), minlength=3) / len(positions) for one in (METHYL, HYDROXYL)]


def report(name, positions, forces):
    methyl, hydroxyl = populations(positions)
    print(f"{name}: methyl {methyl.round(3)}, hydroxyl at 60, 180, -60: {hydroxyl.round(3)}")
    print(f"  virial {virial(positions, forces):.3f}, bonds {bond_spreads(positions).round(4)} Å", flush=True)


def topology_of():
    topology = app.Topology()
    residue = topology.addResidue("EOH", topology.addChain("A"))
    atoms = [topology.addAtom(name, app.Element.getBySymbol(element), residue) for name, element, _, _ in ATOMS]
    for a, b in BONDS:
        topology.addBond(atoms[a], atoms[b])
    return topology


def write(folder, biased, reference):
    topology = topology_of()
    folder.mkdir(parents=True, exist_ok=True)
    positions, forces, energies = biased
    with open(folder / "ethanol.pdb", "w") as file:
        app.PDBFile.writeModel(topology, positions[0] * unit.angstrom, file, keepIds=True)
        app.PDBFile.writeFooter(topology, file)
    np.savez_compressed(
        folder / "frames.npz",
        R=positions.astype(np.float32),
        F=forces.astype(np.float32),
        E=energies.astype(np.float32)[:, None],
        z=np.array([app.Element.getBySymbol(element).atomic_number for _, element, _, _ in ATOMS], dtype=np.uint8),
    )
    times = np.arange(1, len(reference) + 1, dtype=np.float32) * REFERENCE_STRIDE * STEP
    mdtraj.Trajectory(reference / 10, mdtraj.Topology.from_openmm(topology), time=times).save_xtc(
        str(folder / "reference.xtc")
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("output", type=pathlib.Path)
    parser.add_argument("--frames", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    integrator = openmm.LangevinMiddleIntegrator(TEMPERATURE, FRICTION, STEP)
    integrator.setRandomNumberSeed(arguments.seed)
    context = openmm.Context(system_of(), integrator, openmm.Platform.getPlatformByName("Reference"))
    context.setPositions(built())
    context.setVelocitiesToTemperature(TEMPERATURE, arguments.seed)
    integrator.step(EQUILIBRATION)
    positions, forces, _ = run(context, arguments.frames, REFERENCE_STRIDE)
    report("reference", positions, forces)
    spreads, reference = bond_spreads(positions), positions
    for attempt, start in enumerate(reference[:: arguments.frames // ATTEMPTS]):
        context.setPositions(start / 10)
        context.setVelocitiesToTemperature(TEMPERATURE, arguments.seed + attempt)
        biased = run(context, arguments.frames, BIASED_STRIDE)
        report(f"biased, start {attempt}", *biased[:2])
        print(f"  bonds are {(bond_spreads(biased[0]) / spreads).mean():.2f} times as wide as those of the reference")
        methyl, (_, trans, _) = populations(biased[0])
        is_right = abs(trans - populations(reference)[1][1]) < LARGEST_ERROR
        if methyl.max() == 1 and is_right and abs(virial(*biased[:2]) - 1) < LARGEST_VIRIAL_ERROR:
            write(arguments.output, biased, reference)
            return
    raise SystemExit("None of them is biased as it should be: try another seed.")


if __name__ == "__main__":
    main()
