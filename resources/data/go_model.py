"""A structure-based (Gō-like) model of a peptide: one bead per residue at its C-alpha, simulated with OpenMM.

Used by make_chignolin.py and make_bba.py. The native structure is not taken from a file: it is built from backbone
dihedrals of ideal secondary structure. Energies kJ/mol, lengths nm, angles radians, time ps; every bead weighs 100 amu.

    E = sum  K/2 (r - 0.38)²                    neighbours along the chain; K such that r spreads by `BOND_SPREAD`
      + sum  A/2 (theta - native)²              angles
      + sum  D [1 - cos(phi - native)]          dihedrals
      + sum  e [5 (n/r)^12 - 6 (n/r)^10 + exp(-((r - n - 0.25) / 0.1)²)]
                                                native contacts, n = native distance
      + sum  e (s/r)^12, s = 0.4 nm             all other pairs three or more apart

after Clementi, Nymeyer, Onuchic, J. Mol. Biol. 298, 937 (2000), without their threefold dihedral term. The barrier
in front of a contact stands for the water that has to leave (Cheung, Garcia, Onuchic, PNAS 99, 685 (2002)); without
it, so short a chain folds downhill instead of being either folded or not.
"""
import mdtraj
import numpy as np
import openmm

GAS_CONSTANT = 0.00831446261815324  # kJ/(mol K)
MASS = 100.0  # amu
BOND = 0.38  # nm, between C-alphas of a trans peptide
BOND_SPREAD = 0.0075  # nm, standard deviation at the temperature of the simulation
REPULSION = 0.4  # nm
BARRIER_GAP, BARRIER_WIDTH = 0.25, 0.1  # nm, how far behind the minimum of a contact, and how wide
NAMES = dict(
    zip("ACDEFGHIKLMNPQRSTVWY", "ALA CYS ASP GLU PHE GLY HIS ILE LYS LEU MET ASN PRO GLN ARG SER THR VAL TRP TYR".split())
)


def placed(a, b, c, bond, angle, dihedral):
    """Where an atom lies that is bound to c, from internal coordinates (nm, degrees) relative to a, b, c."""
    angle, dihedral = np.radians(angle), np.radians(dihedral)
    along = (c - b) / np.linalg.norm(c - b)
    normal = np.cross(b - a, along)
    normal /= np.linalg.norm(normal)
    side = np.cross(normal, along)
    return c + bond * (-np.cos(angle) * along + np.sin(angle) * (np.cos(dihedral) * side + np.sin(dihedral) * normal))


def native_structure(dihedrals):
    """C-alpha positions (nm) of a backbone with these (phi, psi) in degrees, ideal bonds and trans peptides."""
    n, ca = np.zeros(3), np.array([0.1458, 0.0, 0.0])
    c = placed(np.array([0.0, 0.1, 0.0]), n, ca, 0.1525, 111.0, dihedrals[0][0])
    positions = [ca]
    for (_, psi), (phi, _) in zip(dihedrals, dihedrals[1:]):
        next_n = placed(n, ca, c, 0.1329, 116.9, psi)
        next_ca = placed(ca, c, next_n, 0.1458, 121.7, 180.0)
        next_c = placed(c, next_n, next_ca, 0.1525, 111.0, phi)
        n, ca, c = next_n, next_ca, next_c
        positions.append(ca)
    return np.array(positions)


def distances(positions):
    """All pair distances of frames, beads, 3 → frames, beads, beads."""
    return np.linalg.norm(positions[..., :, None, :] - positions[..., None, :, :], axis=-1)


def contacts_of(native, reach=0.68):
    """Native contacts: pairs at least four apart along the chain and at most `reach` nm apart in space."""
    pair = distances(native)
    beads = len(native)
    return [(i, j) for i in range(beads) for j in range(i + 4, beads) if pair[i, j] <= reach]


def folded_share(positions, native, contacts):
    """Q of every frame: which share of the native contacts is no longer than 1.25 times its native length."""
    i, j = np.array(contacts).T
    return (distances(positions)[..., i, j] <= 1.25 * distances(native)[i, j]).mean(axis=-1)


def angle_of(a, b, c):
    u, v = a - b, c - b
    return np.arccos(u @ v / np.linalg.norm(u) / np.linalg.norm(v))


def dihedral_of(a, b, c, d):
    """IUPAC sign, as OpenMM has it."""
    u, v, w = b - a, c - b, d - c
    return np.arctan2(np.linalg.norm(v) * u @ np.cross(v, w), np.cross(u, v) @ np.cross(v, w))


def system_of(native, contacts, temperature, contact, angle, dihedral):
    """The model with energies `contact` (e), `angle` (A, per rad²) and `dihedral` (D) in kJ/mol."""
    beads = len(native)
    system = openmm.System()
    for _ in range(beads):
        system.addParticle(MASS)

    bonds = openmm.HarmonicBondForce()
    for i in range(beads - 1):
        bonds.addBond(i, i + 1, BOND, GAS_CONSTANT * temperature / BOND_SPREAD**2)
    angles = openmm.HarmonicAngleForce()
    for i in range(beads - 2):
        angles.addAngle(i, i + 1, i + 2, angle_of(*native[i : i + 3]), angle)
    torsions = openmm.PeriodicTorsionForce()
    for i in range(beads - 3):
        # OpenMM's k [1 + cos(phi - offset)] has its minimum half a turn away from the offset.
        torsions.addTorsion(i, i + 1, i + 2, i + 3, 1, dihedral_of(*native[i : i + 4]) + np.pi, dihedral)

    attraction = openmm.CustomBondForce("e*(5*(n/r)^12-6*(n/r)^10+exp(-((r-n-gap)/width)^2))")
    attraction.addGlobalParameter("gap", BARRIER_GAP)
    attraction.addGlobalParameter("width", BARRIER_WIDTH)
    repulsion = openmm.CustomBondForce("e*(s/r)^12")
    repulsion.addGlobalParameter("s", REPULSION)
    for force in (attraction, repulsion):
        force.addGlobalParameter("e", contact)
    attraction.addPerBondParameter("n")
    pair = distances(native)
    for i in range(beads):
        for j in range(i + 3, beads):
            if (i, j) in contacts:
                attraction.addBond(i, j, [pair[i, j]])
            else:
                repulsion.addBond(i, j, [])

    for force in (bonds, angles, torsions, attraction, repulsion):
        system.addForce(force)
    return system


def simulated(system, native, temperature, frames, stride, seed, step=0.01, friction=1.0, equilibration=200):
    """Of one Langevin trajectory, a frame every `stride` steps of `step` ps: positions (nm), each frame centred, forces
    (kJ/(mol nm)) and potential energies (kJ/mol)."""
    integrator = openmm.LangevinMiddleIntegrator(temperature, friction, step)
    integrator.setRandomNumberSeed(seed)
    # A handful of beads: the reference platform is the fastest one, and it is reproducible.
    context = openmm.Context(system, integrator, openmm.Platform.getPlatformByName("Reference"))
    context.setPositions(native)
    openmm.LocalEnergyMinimizer.minimize(context)
    context.setVelocitiesToTemperature(temperature, seed)
    integrator.step(equilibration * stride)
    kept, forces = np.empty((2, frames, len(native), 3), dtype=np.float32)
    energies = np.empty(frames)
    for frame in range(frames):
        integrator.step(stride)
        state = context.getState(getPositions=True, getForces=True, getEnergy=True)
        positions = state.getPositions(asNumpy=True)._value
        kept[frame] = positions - positions.mean(axis=0)
        forces[frame] = state.getForces(asNumpy=True)._value
        energies[frame] = state.getPotentialEnergy()._value
    return kept, forces, energies


def topology_of(sequence):
    topology = mdtraj.Topology()
    chain = topology.add_chain()
    before = None
    for number, letter in enumerate(sequence, start=1):
        residue = topology.add_residue(NAMES[letter], chain, resSeq=number)
        atom = topology.add_atom("CA", mdtraj.element.carbon, residue)
        if before is not None:
            topology.add_bond(before, atom)
        before = atom
    return topology


def write_forces(file, positions, forces, energies):
    """The arrays of an MD17 file: R (Å), F (kcal/mol/Å), E (kcal/mol), and z, which says carbon for every bead."""
    calorie = 4.184  # J
    np.savez_compressed(
        file,
        R=10 * positions,
        F=forces / (10 * calorie),
        E=(energies / calorie)[:, None],
        z=np.full(positions.shape[1], 6),
    )


def write(folder, sequence, native, positions, interval):
    """ca.pdb (the native structure) and ca.xtc (frames `interval` ps apart)."""
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / "ca.pdb", "w") as file:
        for number, (letter, (x, y, z)) in enumerate(zip(sequence, 10 * (native - native.mean(axis=0))), start=1):
            file.write(
                f"ATOM  {number:5d}  CA  {NAMES[letter]} A{number:4d}    {x:8.3f}{y:8.3f}{z:8.3f}  1.00  0.00           C  \n"
            )
        file.write(f"TER   {len(sequence) + 1:5d}      {NAMES[sequence[-1]]} A{len(sequence):4d}\nEND\n")
    times = np.arange(1, len(positions) + 1, dtype=np.float32) * interval
    mdtraj.Trajectory(positions, topology_of(sequence), time=times).save_xtc(str(folder / "ca.xtc"))
