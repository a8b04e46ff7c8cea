"""Thins out what the other scripts make to what is kept beside them: few frames, no hydrogens.

    python3 make_small.py FULL OUTPUT

FULL holds chignolin/ (make_chignolin.py) and dipeptides/ (make_dipeptides.py). Writes OUTPUT/chignolin-go/: every 5th
of the first 25,000 frames; and OUTPUT/dipeptides/: the heavy atoms of every 6th frame. Nothing is superposed.

Not part of the program: it needs Python with mdtraj.
"""
import argparse
import pathlib

import mdtraj


def without_hydrogens(pdb):
    """The text of a PDB file without its hydrogens, with atoms numbered anew and bonds (CONECT) renumbered."""
    lines, numbers = [], {}
    for line in pdb.splitlines():
        record = line[:6].strip()
        if record in ("ATOM", "HETATM"):
            if line[76:78].strip() != "H":
                numbers[int(line[6:11])] = len(numbers) + 1
                lines.append(f"{line[:6]}{len(numbers):5d}{line[11:]}")
        elif record == "TER":
            lines.append(f"TER   {len(numbers) + 1:5d}{line[11:]}")
        elif record == "CONECT":
            bonded = [numbers.get(int(line[at : at + 5])) for at in range(6, len(line.rstrip()), 5)]
            if bonded[0] and any(bonded[1:]):
                lines.append("CONECT" + "".join(f"{number:5d}" for number in bonded if number))
        else:
            lines.append(line)
    return "\n".join(lines) + "\n"


def thin(pdb, folder, frames):
    """Heavy atoms of these frames (a slice)."""
    folder.mkdir(parents=True, exist_ok=True)
    trajectory = mdtraj.load(str(pdb.with_suffix(".xtc")), top=str(pdb))[frames]
    heavy = trajectory.atom_slice([atom.index for atom in trajectory.topology.atoms if atom.element.symbol != "H"])
    (folder / pdb.name).write_text(without_hydrogens(pdb.read_text()))
    file = folder / pdb.with_suffix(".xtc").name
    heavy.save_xtc(str(file))
    print(f"{file}: {heavy.n_atoms} atoms, {heavy.n_frames} frames, {file.stat().st_size:,} bytes")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("full", type=pathlib.Path)
    parser.add_argument("output", type=pathlib.Path)
    arguments = parser.parse_args()
    thin(arguments.full / "chignolin" / "ca.pdb", arguments.output / "chignolin-go", slice(0, 25000, 5))
    for pdb in sorted((arguments.full / "dipeptides").glob("*.pdb")):
        thin(pdb, arguments.output / "dipeptides", slice(None, None, 6))


if __name__ == "__main__":
    main()
