/**
 * A run specification: text or data in, every default filled in and every rule checked.
 * The schema is derived from the table in settings.ts; this file adds the rules between settings, methods add theirs.
 * A fault is one sentence that names the key and what is allowed there; unknown keys name the nearest one. All faults
 * are found; where a specification is required, the first is thrown.
 */
import { parseDocument } from 'yaml';
import { z } from 'zod';
import { ErgodicError } from '../errors.ts';
import { defaultMethod, type MethodName, methodNames, methodOf } from '../methods/methods.ts';
import type { SystemClass } from '../models/network.ts';
import { suggest } from '../nearest-word.ts';
import {
  allowedValues,
  type Fault,
  isGroup,
  isInBounds,
  type Setting,
  type SettingGroup,
  type SettingNode,
} from '../setting.ts';
import { toySystem } from '../systems/toys/toy-systems.ts';
import { type MoleculeSpecification, type Specification, settingsOf } from './settings.ts';

/**
 * Reads YAML or JSON (which is YAML, too). `fileName` is for the error sentences; `molecule` overrides settings of a
 * molecular system.
 */
export function parseSpecification(
  text: string,
  fileName: string,
  molecule?: Partial<MoleculeSpecification>,
): Specification {
  const document = parseDocument(text, { stringKeys: true });
  const problem = document.errors[0] ?? document.warnings[0];
  if (problem) {
    const what = problem.message.split('\n')[0]!.replace(/:$/, '');
    throw new ErgodicError(`\`${fileName}\` cannot be read as YAML or JSON: ${what}.`);
  }
  const value = document.toJS();
  if (!molecule) return validateSpecification(value, fileName);
  if (value?.system?.kind !== 'molecule') {
    const { system } = validateSpecification(value, fileName);
    throw new ErgodicError(
      `\`${fileName}\` describes a run of ${system.kind}; files can be given for a molecule only.`,
      {
        usage: true,
      },
    );
  }
  return validateSpecification({ ...value, system: { ...value.system, ...molecule } }, fileName);
}

/** Who wrote it: a person now, or the product once, perhaps before some settings existed. */
type Origin = 'written' | 'recorded';

export function validateSpecification(value: unknown, fileName: string, origin: Origin = 'written'): Specification {
  const { specification, faults } = checkSpecification(value, origin);
  if (specification) return specification;
  throw new ErgodicError(`\`${fileName}\`: ${faults[0]!.message}`);
}

/** The specification where there is no fault. Rules between settings are checked once each setting is valid. */
export function checkSpecification(
  given: unknown,
  origin: Origin = 'written',
): { specification: Specification; faults: readonly [] } | { specification?: never; faults: readonly Fault[] } {
  const value = isOpen(given) && origin === 'written' ? { ...(given as object), method: 'auto' } : given;
  const method = methodIn(value);
  const schema = schemas[origin][method];
  const result = schema.safeParse(value);
  if (!result.success) {
    const faults = result.error.issues.flatMap((issue) => faultsFor(issue, value, settingsOf[method]));
    return { faults: withoutTwins(faults) };
  }
  // Once more through the schema, so that keys have the order of the table whether they were given or derived.
  const specification = schema.parse(withDerivedDefaults(result.data as Specification)) as Specification;
  const faults = conflictsIn(specification);
  return faults.length > 0 ? { faults } : { specification, faults: [] };
}

/** Faults of both elements of a pair are one fault. */
const withoutTwins = (faults: readonly Fault[]): Fault[] => [
  ...new Map(faults.map((fault) => [`${pathInWords(fault.path)} ${fault.message}`, fault])).values(),
];

function schemaOf(node: SettingNode, origin: Origin): z.ZodType {
  if (isGroup(node)) return z.strictObject(fieldsOf(node, origin)).prefault({});
  switch (node.type) {
    case 'list':
      return z.array(schemaOf(node.of, origin)).min(1).max(node.maxLength).prefault([{}]);
    case 'variants': {
      const kinds = Object.entries(node.of).map(([kind, group]) =>
        z.strictObject({ kind: z.literal(kind), ...fieldsOf(group, origin) }),
      );
      const union = z.discriminatedUnion('kind', kinds as [(typeof kinds)[number], ...typeof kinds]);
      return node.default === null ? union.optional() : union.prefault({ kind: node.default });
    }
    case 'number':
    case 'whole': {
      const whole = node.type === 'whole';
      const number = z.number().refine((value) => isInBounds(value, node) && (!whole || Number.isSafeInteger(value)));
      const value = defaultOf(node, origin);
      return value === null ? number.optional() : number.default(value);
    }
    case 'pair': {
      const number = z.number().refine((value) => isInBounds(value, node));
      const ordered = ([a, b]: [number, number]) => (node.order === 'rising' ? a < b : a >= b);
      return z
        .tuple([number, number])
        .refine(ordered)
        .default([...node.default]);
    }
    case 'wholes':
    case 'numbers': {
      const number = (node.type === 'wholes' ? z.int() : z.number()).refine((value) => isInBounds(value, node));
      return z
        .array(number)
        .min(1)
        .max(node.maxLength)
        .default([...node.default]);
    }
    case 'choice': {
      const word = z.enum(node.options as [string, ...string[]]);
      const value = defaultOf(node, origin);
      return value === null ? word.optional() : word.default(value);
    }
    case 'flag':
      return z.boolean().default(node.default);
    case 'text':
      return z.string().min(1).max(200).default(node.default);
    case 'file':
      return z.string().min(1).nullable().default(node.default);
    case 'texts':
    case 'files':
      return z.array(z.string().min(1)).max(node.maxLength).default([]);
  }
}

function defaultOf<Value>(node: { readonly default: Value; readonly recordDefault?: Value }, origin: Origin): Value {
  return origin === 'recorded' && node.recordDefault !== undefined ? node.recordDefault : node.default;
}

function fieldsOf(group: SettingGroup, origin: Origin): Record<string, z.ZodType> {
  return Object.fromEntries(Object.entries(group).map(([key, node]) => [key, schemaOf(node, origin)]));
}

const schemasFor = (origin: Origin) =>
  Object.fromEntries(methodNames.map((name) => [name, schemaOf(settingsOf[name], origin)])) as Record<
    MethodName,
    z.ZodType
  >;

const schemas = { written: schemasFor('written'), recorded: schemasFor('recorded') };

interface Named {
  readonly method?: unknown;
  readonly experts?: unknown;
  readonly system?: { readonly kind?: unknown } | null;
}

/** A molecule for which a person says nothing of methods or experts: the product chooses. */
function isOpen(value: unknown): boolean {
  const { method, experts, system } = (value ?? {}) as Named;
  return method === undefined && experts === undefined && system?.kind === 'molecule';
}

/** An unknown method is a fault of the default method's schema, which lists the names. */
function methodIn(value: unknown): MethodName {
  const { method } = (value ?? {}) as Named;
  return methodNames.find((name) => name === method) ?? defaultMethod;
}

type Issue = z.core.$ZodIssue;

/** Sentences are made from the table and the value; those of the schema library are not shown. */
function faultsFor(issue: Issue, value: unknown, table: SettingGroup): Fault[] {
  let node: SettingNode | undefined = table;
  let found = value;
  const path: (string | number)[] = [];
  for (const key of issue.path) {
    if (!isGroup(node) && node.type !== 'list' && node.type !== 'variants') break;
    const inner = innerNode(node, key, found);
    if (!inner) break;
    node = inner;
    found = (found as Record<PropertyKey, unknown> | undefined)?.[key];
    path.push(key as string | number);
  }
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(node, found);
    return issue.keys.map((key) => {
      const own = [...path, key];
      return { path: own, message: `\`${pathInWords(own)}\` is not a setting; ${suggest(key, known)}` };
    });
  }
  return [{ path, message: sentenceFor(node, pathInWords(path), found) }];
}

function sentenceFor(node: SettingNode, path: string, found: unknown): string {
  const what = found === null || found === undefined ? 'is empty' : `is ${shown(found)}`;
  if (isGroup(node)) {
    const subject = path === '' ? 'the specification' : `\`${path}\``;
    return `${subject} ${what}; it must be a group of the keys ${knownKeys(node, found).join(', ')}.`;
  }
  if (node.type === 'list') return `\`${path}\` ${what}; it must be a list of 1 to ${node.maxLength} entries.`;
  if (node.type === 'variants') {
    const kinds = Object.keys(node.of).join(', ');
    if (typeof found !== 'object' || found === null || Array.isArray(found)) {
      return `\`${path}\` ${what}; it must be a group with a \`kind\`, one of ${kinds}.`;
    }
    const { kind } = found as { kind?: unknown };
    const stated = kind === undefined ? `\`${path}.kind\` is missing` : `\`${path}.kind\` is ${shown(kind)}`;
    return `${stated}; it must be one of ${kinds}.`;
  }
  return `\`${path}\` ${what}; it must be ${allowedValues(node as Setting)}${unitOf(node as Setting)}.`;
}

function innerNode(node: SettingNode, key: PropertyKey, found: unknown): SettingNode | undefined {
  if (isGroup(node)) return typeof key === 'string' && Object.hasOwn(node, key) ? node[key] : undefined;
  if (node.type === 'list') return node.of;
  if (node.type !== 'variants') return undefined;
  const kind = (found as { kind?: string } | null)?.kind;
  const group = kind !== undefined && Object.hasOwn(node.of, kind) ? node.of[kind] : undefined;
  return group ? innerNode(group, key, found) : undefined;
}

function knownKeys(node: SettingNode, found: unknown): string[] {
  if (isGroup(node)) return Object.keys(node);
  if (node.type !== 'variants') return [];
  return ['kind', ...Object.keys(node.of[(found as { kind: string }).kind] ?? {})];
}

function pathInWords(path: readonly PropertyKey[]): string {
  return path
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${cut(String(key))}`))
    .join('')
    .replace(/^\./, '');
}

function shown(value: unknown): string {
  if (typeof value === 'number') return String(value);
  if (Array.isArray(value) && value.length === 0) return 'an empty list';
  const text =
    JSON.stringify(value, (_, inner) =>
      typeof inner === 'number' && !Number.isFinite(inner) ? String(inner) : inner,
    ) ?? typeof value;
  return cut(text);
}

const cut = (text: string): string => (text.length > 60 ? `${text.slice(0, 60)}…` : text);

const unitOf = (setting: Setting) => (setting.unit ? ` (${setting.unit})` : '');

/** The same with every file name replaced, so that a run can be resumed from anywhere. */
export function withResolvedFiles(specification: Specification, resolve: (file: string) => string): Specification {
  const { system } = specification;
  const resolved =
    system.kind === 'molecule'
      ? {
          ...system,
          sources: system.sources.map((source) => ({
            ...source,
            structure: source.structure && resolve(source.structure),
            trajectories: source.trajectories.map(resolve),
            weights: source.weights && resolve(source.weights),
          })),
        }
      : { ...system, data: system.data && resolve(system.data) };
  return { ...specification, system: resolved };
}

/** Fills in the defaults that the table declares as `derivedDefault`. */
function withDerivedDefaults(given: Specification): Specification {
  const simulate: Partial<Specification['simulate']> = given.simulate;
  const evaluate: Partial<Specification['evaluate']> = given.evaluate;
  const system = systemClassIn(given);
  const own = given.system.kind === 'molecule' ? REFERENCE_DYNAMICS : toySystem(given.system.kind);
  return {
    ...(methodOf(given).withDefaults(given, system) as Specification),
    system: withSystemDefaults(given.system),
    simulate: {
      ...given.simulate,
      timeStep: simulate.timeStep ?? own.timeStep,
      stride: simulate.stride ?? own.strideSteps,
      friction: simulate.friction ?? own.friction,
    },
    evaluate: { ...given.evaluate, jsBins: evaluate.jsBins ?? (system === 'molecule' ? 64 : 100) },
  };
}

const systemClassIn = ({ system }: Specification): SystemClass => (system.kind === 'molecule' ? 'molecule' : 'toy');

/** Of molecules (method §7): ps, steps, 1/ps. */
const REFERENCE_DYNAMICS = { timeStep: 0.002, strideSteps: 100, friction: 1 };

function withSystemDefaults(given: Specification['system']): Specification['system'] {
  if (given.kind === 'molecule') {
    const { features, dataTemperature }: Partial<MoleculeSpecification> = given;
    return {
      ...given,
      features: features ?? (given.sources.length > 1 ? 'chemistry' : 'place'),
      dataTemperature: dataTemperature ?? given.temperature,
    };
  }
  const { samples }: Partial<typeof given> = given;
  return { ...given, samples: samples ?? toySystem(given.kind).samples };
}

/** The rules between settings that are broken. */
function conflictsIn(specification: Specification): Fault[] {
  const { system } = specification;
  const faults = [
    ...(system.kind === 'molecule' ? moleculeConflicts(system) : []),
    ...weightConflicts(system),
    ...methodOf(specification).faults(specification, systemClassIn(specification)),
    ...simulateConflicts(specification),
  ];
  // Asks the experts, which must be right for that.
  return faults.length > 0 ? faults : torsionConflicts(specification);
}

function torsionConflicts(specification: Specification): Fault[] {
  const { system, simulate } = specification;
  const { torsionMoves, torsionMovesEvery, equilibration, steps, evaluationTime } = simulate;
  const { force, hasForceEnergy } = methodOf(specification);
  if (torsionMoves === 0 || !force) return [];
  const fault = (key: string, message: string): Fault[] => [{ path: ['simulate', key], message }];
  const asked = `\`simulate.torsionMoves\` is ${torsionMoves}, but`;
  if (system.kind !== 'molecule') {
    return fault('torsionMoves', `${asked} only a molecule has torsions to turn: set it to 0.`);
  }
  if (!hasForceEnergy?.(specification, evaluationTime)) {
    const message = `${asked} the network at \`simulate.evaluationTime\` ${evaluationTime} has no energy to accept them with: set it to 0, or that network's \`conservative\` to true.`;
    return fault('torsionMoves', message);
  }
  if (torsionMovesEvery <= equilibration + steps) return [];
  const message = `\`simulate.torsionMovesEvery\` is ${torsionMovesEvery}, more than the ${equilibration + steps} steps of the simulation: no torsion would be turned.`;
  return fault('torsionMovesEvery', message);
}

/** Bytes of a file that can be read at once. */
const LARGEST_FILE = 2 ** 31;

function simulateConflicts({ simulate, system }: Specification): Fault[] {
  const { stride, steps, replicas } = simulate;
  const path = ['simulate', 'stride'];
  if (stride > steps) {
    const message = `\`simulate.stride\` is ${stride}, more than the ${steps} of \`simulate.steps\`: no frame would be stored.`;
    return [{ path, message }];
  }
  // Trajectories of molecules are read frame by frame.
  if (system.kind === 'molecule') return [];
  const bytes = Math.floor(steps / stride) * replicas * toySystem(system.kind).dimension * 4;
  if (bytes < LARGEST_FILE) return [];
  const message =
    `the frames of the simulation would take ${(bytes / 1e9).toFixed(1)} GB, more than the ${(LARGEST_FILE / 1e9).toFixed(1)} GB that ` +
    'can be evaluated: use a larger `simulate.stride`, fewer `simulate.replicas` or fewer `simulate.steps`.';
  return [{ path, message }];
}

/** What weights need of the other settings. */
function weightConflicts(system: Specification['system']): Fault[] {
  const { weights } = system;
  const path = ['system', 'weights'];
  const wanted = system.kind === 'molecule' ? system.temperature : 1;
  if ((weights === 'energies' || weights === 'regressed-energies') && system.dataTemperature === wanted) {
    const message = `\`system.weights\` is ${weights}, but the data have the temperature that is wanted, and all would weigh the same: set \`system.dataTemperature\`, or weights to none or forces.`;
    return [{ path, message }];
  }
  if (system.kind === 'molecule' && system.cooling === 'stiff' && system.dataTemperature === wanted) {
    const message =
      '`system.cooling` is stiff, but the data have the temperature that is wanted: set `system.dataTemperature`, or cooling to none.';
    return [{ path: ['system', 'cooling'], message }];
  }
  if (system.kind === 'molecule' && system.cooling === 'stiff' && weights === 'energies') {
    const message =
      '`system.weights` is energies, which cool stiff coordinates, too, and so does `system.cooling`: set weights to regressed-energies, or cooling to none.';
    return [{ path, message }];
  }
  if (system.kind !== 'molecule' || (weights === 'none' && system.cooling === 'none')) return [];
  if (system.test > 0) {
    const message = `\`system.test\` is ${system.test}, but frames that are weighed or cooled are no test: set it to 0, and compare with frames of another file (\`evaluate --reference\`).`;
    return [{ path: ['system', 'test'], message }];
  }
  const without = system.sources.findIndex((source) => source.use === 'train' && source.weights === null);
  if (weights !== 'given' || without < 0) return [];
  const message = `\`system.weights\` is given, but \`system.sources[${without}].weights\` names no file: name one, or let weights be found from energies or forces.`;
  return [{ path: ['system', 'sources', without, 'weights'], message }];
}

function moleculeConflicts({ sources, features }: MoleculeSpecification): Fault[] {
  const faults: Fault[] = sources.flatMap(({ structure }, i) => {
    if (structure !== null) return [];
    const message = `\`system.sources[${i}].structure\` is missing: name a structure file (PDB, mmCIF, GRO, …).`;
    return [{ path: ['system', 'sources', i, 'structure'], message }];
  });
  if (!sources.some(({ use }) => use === 'train')) {
    const message = '`system.sources` has no training data: at least one source needs `use: train`.';
    faults.push({ path: ['system', 'sources'], message });
  }
  if (features === 'place' && sources.length > 1) {
    const message =
      '`system.features` is place, which is for a single molecule; with several `system.sources` it must be chemistry.';
    faults.push({ path: ['system', 'features'], message });
  }
  return faults;
}
