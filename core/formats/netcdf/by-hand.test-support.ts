/** NetCDF files written out by hand, for tests: also such as no program would write. */
type Type = 'byte' | 'char' | 'short' | 'int' | 'float' | 'double';
const TYPES: Type[] = ['byte', 'char', 'short', 'int', 'float', 'double'];
const SIZES = [1, 1, 2, 4, 4, 8];

export interface NetcdfVariable {
  type: Type;
  dimensions: string[];
  attributes?: Record<string, string | number>;
  /** All values, frame after frame. */
  values: number[];
}

export interface NetcdfFile {
  version?: 1 | 2 | 5;
  /** -1 for the mark of a stream. */
  records: number;
  dimensions: Record<string, number>;
  variables: Record<string, NetcdfVariable>;
  /** Frames in the file, if not as many as it says. */
  frames?: number;
}

/** A NetCDF file written out by hand, from the specification of the classic format. */
export function netcdf({ version = 1, records, dimensions, variables, frames = records }: NetcdfFile): Uint8Array {
  const names = Object.keys(dimensions);
  const wide = version === 5;
  const bytesOf = (size: number, write: (view: DataView) => void) => {
    const view = new DataView(new ArrayBuffer(size));
    write(view);
    return [...new Uint8Array(view.buffer)];
  };
  const uint = (value: number) => bytesOf(4, (view) => view.setUint32(0, value));
  const long = (value: number) => bytesOf(8, (view) => view.setBigInt64(0, BigInt(value)));
  const count = (value: number) => (wide ? long(value) : uint(value));
  const padded = (bytes: number[]) => [...bytes, ...new Array((4 - (bytes.length % 4)) % 4).fill(0)];
  const text = (value: string) => [...count(value.length), ...padded([...new TextEncoder().encode(value)])];
  const number = (type: Type, value: number) =>
    bytesOf(SIZES[TYPES.indexOf(type)]!, (view) => {
      if (type === 'byte' || type === 'char') view.setInt8(0, value);
      if (type === 'short') view.setInt16(0, value);
      if (type === 'int') view.setInt32(0, value);
      if (type === 'float') view.setFloat32(0, value);
      if (type === 'double') view.setFloat64(0, value);
    });
  const list = (tag: number, elements: number[][]) =>
    elements.length === 0 ? [...uint(0), ...count(0)] : [...uint(tag), ...count(elements.length), ...elements.flat()];
  const attributes = (given: Record<string, string | number> = {}) =>
    list(
      12,
      Object.entries(given).map(([name, value]) => [
        ...text(name),
        ...(typeof value === 'string'
          ? [...uint(2), ...text(value)]
          : [...uint(6), ...count(1), ...number('double', value)]),
      ]),
    );
  const entries = Object.entries(variables);
  const isRecord = ({ dimensions: [first] }: NetcdfVariable) => dimensions[first ?? ''] === 0;
  const perFrame = (variable: NetcdfVariable) =>
    variable.dimensions.reduce((product, name) => product * (dimensions[name] || 1), 1);
  const alone = entries.filter(([, variable]) => isRecord(variable)).length === 1;
  const piece = (variable: NetcdfVariable, frame: number) => {
    const size = perFrame(variable);
    const content = variable.values
      .slice(frame * size, (frame + 1) * size)
      .flatMap((value) => number(variable.type, value));
    return alone ? content : padded(content);
  };
  const header = (begins: number[]) => [
    ...[...'CDF'].map((letter) => letter.charCodeAt(0)),
    version,
    ...(records < 0 ? new Array(wide ? 8 : 4).fill(0xff) : count(records)),
    ...list(
      10,
      names.map((name) => [...text(name), ...count(dimensions[name]!)]),
    ),
    ...attributes({ Conventions: 'AMBER' }),
    ...list(
      11,
      entries.map(([name, variable], i) => [
        ...text(name),
        ...count(variable.dimensions.length),
        ...variable.dimensions.flatMap((dimension) => count(names.indexOf(dimension))),
        ...attributes(variable.attributes),
        ...uint(TYPES.indexOf(variable.type) + 1),
        // The size: nobody may rely on it.
        ...count(0),
        ...(version === 1 ? uint(begins[i]!) : long(begins[i]!)),
      ]),
    ),
  ];
  let end = header(entries.map(() => 0)).length;
  const begins = new Map<string, number>();
  const body: number[] = [];
  for (const fixed of [true, false]) {
    for (const [name, variable] of entries) {
      if (isRecord(variable) === fixed) continue;
      begins.set(name, end);
      const content = fixed
        ? padded(variable.values.flatMap((value) => number(variable.type, value)))
        : piece(variable, 0);
      if (fixed) body.push(...content);
      end += content.length;
    }
  }
  const interleaved = entries.filter(([, variable]) => isRecord(variable));
  for (let frame = 0; frame < frames; frame++)
    body.push(...interleaved.flatMap(([, variable]) => piece(variable, frame)));
  return Uint8Array.from([...header(entries.map(([name]) => begins.get(name)!)), ...body]);
}
