/**
 * Residue names that say what a residue is.
 */

export type ResidueKind = 'protein' | 'nucleic' | 'water' | 'ion';

const NAMES: Readonly<Record<ResidueKind, string>> = {
  protein: `ALA ARG ARN ASN ASP ASH ASPP ASPH CYS CYX CYM CYSH CYSS CYS2 GLN GLU GLH GLUP GLUH GLY HIS HID HIE HIP HSD HSE
    HSP HISD HISE HISH HISA HISB HISP ILE LEU LYS LYN LYSH LSN MET MSE PHE PRO HYP SER THR TRP TYR TYM VAL SEC PYL ASX GLX
    ACE NME NMA NHE NH2 CT3 CT2 FOR AIB NLE ORN SEP TPO PTR`,
  nucleic: `A C G U T I N DA DC DG DT DU DI A5 A3 C5 C3 G5 G3 U5 U3 AN CN GN UN DA5 DA3 DAN DC5 DC3 DCN DG5 DG3 DGN DT5 DT3
    DTN RA RC RG RU RA5 RA3 RC5 RC3 RG5 RG3 RU5 RU3 ADE CYT GUA THY URA`,
  water: 'HOH WAT H2O DOD D2O OH2 SOL TIP TIP2 TIP3 TIP4 TIP5 TIPS TP3 T3P T4P TP4 TP5 SPC SPCE SPX T3H T4H HHO W PW',
  ion: `LI NA K RB CS F CL BR IOD MG CA SR BA MN FE FE2 CO NI CU CU1 ZN CD HG AL AG PB LI+ NA+ K+ RB+ CS+ F- CL- BR- I-
    MG+ MG2+ CA2+ ZN2+ SOD CLA POT CAL CES LIT RUB BAR CAD ZN2 MG2 CIO ION IONS`,
};

const kinds = new Map(
  Object.entries(NAMES).flatMap(([kind, names]) =>
    names.split(/\s+/).map((name) => [name, kind as ResidueKind] as const),
  ),
);

/** Undefined for anything else: ligands, lipids, sugars, beads. */
export const residueKind = (name: string): ResidueKind | undefined => kinds.get(name.trim().toUpperCase());
