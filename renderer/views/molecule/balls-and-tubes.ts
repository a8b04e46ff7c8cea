/**
 * Balls and tubes, drawn by the CPU, pixel by pixel, lit as NGL lights them: from behind the eye. For a molecule that
 * moves where there is no GPU: emulating one costs five times as much as the few pixels that are needed.
 * Seen from the middle of its own ball each ball is round: the distortion of the outermost is left out.
 * Not here: when it is used instead of NGL (moving-picture.ts).
 */

/** What is drawn, Å; colours are 0 … 1, red, green, blue. */
export interface BallsAndTubes {
  readonly radii: Float32Array;
  readonly colours: Float32Array;
  /** Two atoms for each tube; each half of a tube has the colour of its atom. */
  readonly bonds: ArrayLike<number>;
  readonly tubeRadii: Float32Array;
}

export interface Eye {
  /** From the frame of the molecule to that of the eye, which looks along −z: 4 × 4, column after column. */
  readonly view: ArrayLike<number>;
  /** Pixels of a length of 1 at a distance of 1. */
  readonly focal: number;
  /** Nothing nearer than it is drawn, Å. */
  readonly near: number;
  /** Between these distances what is drawn fades to the ground, Å. */
  readonly fog: readonly [from: number, to: number];
  /** 0 … 255. */
  readonly ground: readonly [red: number, green: number, blue: number];
}

/** NGL's light, from behind the eye and from everywhere, and the sheen of its surfaces. */
const LIGHT = 0.868;
const AMBIENT = 0.217;
const ROUGHNESS = 0.4 ** 4;
/** Level of light of a surface that is turned to it. */
const BRIGHTEST = 255;
/** Tubes that point at the eye so nearly are behind their ball. */
const END_ON = 0.05;

export class Painting {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8ClampedArray<ArrayBuffer>;
  readonly #words: Uint32Array;
  readonly #depths: Float32Array;
  /** x, y in pixels and the distance of each atom. */
  #projected = new Float32Array();
  /** Where the light comes from, seen by a ball that looks at the eye: right, up, and to the eye. */
  readonly #light = { right: 0, up: 0, front: 1 };
  /** Of the surface that is being drawn: what it shows of its colour, and of the ground through the fog, 0 … 255. */
  readonly #own = { red: 0, green: 0, blue: 0 };
  readonly #fog = { red: 0, green: 0, blue: 0 };
  #clear = 1;

  constructor(width: number, height: number) {
    this.width = width;
    this.height = height;
    this.pixels = new Uint8ClampedArray(4 * width * height);
    this.#words = new Uint32Array(this.pixels.buffer);
    this.#depths = new Float32Array(width * height);
  }

  /** Positions are Å, atom after atom. */
  draw({ radii, colours, bonds, tubeRadii }: BallsAndTubes, positions: Float32Array, eye: Eye): void {
    const [red, green, blue] = eye.ground;
    this.pixels.set([red, green, blue, 255]);
    this.#words.fill(this.#words[0]!);
    this.#depths.fill(Number.POSITIVE_INFINITY);
    this.#project(positions, eye);
    const at = this.#projected;
    for (let i = 0; i < radii.length; i++) {
      const distance = at[3 * i + 2]!;
      if (!(distance > eye.near)) continue;
      this.#take(colours, i, eye);
      this.#ball(at[3 * i]!, at[3 * i + 1]!, distance, radii[i]!, (radii[i]! * eye.focal) / distance);
    }
    for (let b = 0; b < tubeRadii.length; b++) {
      const first = bonds[2 * b]!;
      const second = bonds[2 * b + 1]!;
      const [d1, d2] = [at[3 * first + 2]!, at[3 * second + 2]!];
      if (!(d1 > eye.near && d2 > eye.near)) continue;
      this.#take(colours, first, eye);
      this.#halfTube(first, second, tubeRadii[b]!, eye.focal);
      this.#take(colours, second, eye);
      this.#halfTube(second, first, tubeRadii[b]!, eye.focal);
    }
  }

  #project(positions: Float32Array, { view, focal }: Eye): void {
    if (this.#projected.length !== positions.length) this.#projected = new Float32Array(positions.length);
    const at = this.#projected;
    for (let i = 0; i < positions.length; i += 3) {
      const x = positions[i]!;
      const y = positions[i + 1]!;
      const z = positions[i + 2]!;
      const distance = -(view[2]! * x + view[6]! * y + view[10]! * z + view[14]!);
      const scale = focal / distance;
      at[i] = this.width / 2 + scale * (view[0]! * x + view[4]! * y + view[8]! * z + view[12]!);
      at[i + 1] = this.height / 2 - scale * (view[1]! * x + view[5]! * y + view[9]! * z + view[13]!);
      at[i + 2] = distance;
    }
  }

  /** The colour of an atom, as the fog at its distance leaves it, and its light, which falls along the line of sight. */
  #take(colours: Float32Array, atom: number, { focal, fog, ground }: Eye): void {
    const at = this.#projected;
    const distance = at[3 * atom + 2]!;
    const right = (at[3 * atom]! - this.width / 2) / focal;
    const up = (this.height / 2 - at[3 * atom + 1]!) / focal;
    const length = Math.hypot(right, up, 1);
    this.#light.right = right / length;
    this.#light.up = up / length;
    this.#light.front = 1 / length;
    const along = Math.min(1, Math.max(0, (distance - fog[0]) / (fog[1] - fog[0])));
    const fogged = along * along * (3 - 2 * along);
    this.#clear = 1 - fogged;
    const shown = 255 * this.#clear;
    this.#own.red = shown * colours[3 * atom]!;
    this.#own.green = shown * colours[3 * atom + 1]!;
    this.#own.blue = shown * colours[3 * atom + 2]!;
    this.#fog.red = fogged * ground[0];
    this.#fog.green = fogged * ground[1];
    this.#fog.blue = fogged * ground[2];
  }

  /** One pixel, as lit as it is turned to the light. */
  #paint(pixel: number, lit: number): void {
    const level = lit > 0 ? (lit * BRIGHTEST) | 0 : 0;
    const light = diffuse[level]!;
    const shine = this.#clear * sheen[level]!;
    const { pixels } = this;
    pixels[4 * pixel] = this.#own.red * light + shine + this.#fog.red;
    pixels[4 * pixel + 1] = this.#own.green * light + shine + this.#fog.green;
    pixels[4 * pixel + 2] = this.#own.blue * light + shine + this.#fog.blue;
  }

  #ball(x: number, y: number, distance: number, radius: number, pixels: number): void {
    const { width, height } = this;
    const depths = this.#depths;
    const { right: lx, up: ly, front: lz } = this.#light;
    const bottom = Math.min(height - 1, Math.floor(y + pixels - 0.5));
    for (let row = Math.max(0, Math.ceil(y - pixels - 0.5)); row <= bottom; row++) {
      const dy = (row + 0.5 - y) / pixels;
      const rest = 1 - dy * dy;
      if (rest <= 0) continue;
      const half = pixels * Math.sqrt(rest);
      const last = Math.min(width - 1, Math.floor(x + half - 0.5));
      for (let column = Math.max(0, Math.ceil(x - half - 0.5)); column <= last; column++) {
        const dx = (column + 0.5 - x) / pixels;
        const facing = Math.sqrt(Math.max(0, rest - dx * dx));
        const pixel = row * width + column;
        const depth = distance - radius * facing;
        if (depth >= depths[pixel]!) continue;
        depths[pixel] = depth;
        this.#paint(pixel, facing * lz + dx * lx - dy * ly);
      }
    }
  }

  /** From an atom to the middle between it and another. */
  #halfTube(from: number, to: number, radius: number, focal: number): void {
    const { width, height } = this;
    const depths = this.#depths;
    const at = this.#projected;
    const x = at[3 * from]!;
    const y = at[3 * from + 1]!;
    const near = at[3 * from + 2]!;
    const far = at[3 * to + 2]!;
    // Halfway in space is not halfway in the picture.
    const half = far / (near + far);
    const dx = (at[3 * to]! - x) * half;
    const dy = (at[3 * to + 1]! - y) * half;
    const length = Math.hypot(dx, dy);
    const middle = (near + far) / 2;
    const mean = (near + middle) / 2;
    const across = (length * mean) / focal;
    const deep = middle - near;
    const sideways = across / Math.hypot(across, deep);
    if (!(sideways > END_ON)) return;
    const pixels = (radius * focal) / mean;
    const { right: lx, up: ly, front: lz } = this.#light;
    const ux = dx / length;
    const uy = dy / length;
    const bulge = radius / sideways;
    // How much of the light falls across the tube, and on the side that is turned to the eye.
    const acrossLit = uy * lx + ux * ly;
    const facingLit = (deep / Math.hypot(across, deep)) * (ux * lx - uy * ly) + sideways * lz;
    const reach = pixels * Math.abs(ux);
    const bottom = Math.min(height - 1, Math.floor(Math.max(y, y + dy) + reach - 0.5));
    for (let row = Math.max(0, Math.ceil(Math.min(y, y + dy) - reach - 0.5)); row <= bottom; row++) {
      const down = row + 0.5 - y;
      // Where this row is within the tube, and between its ends.
      let left = 0;
      let right = width - 1;
      if (Math.abs(uy) > 1e-6) {
        const centre = x + (down * ux) / uy;
        const spread = Math.abs(pixels / uy);
        left = Math.max(left, Math.ceil(centre - spread - 0.5));
        right = Math.min(right, Math.floor(centre + spread - 0.5));
      }
      if (Math.abs(ux) > 1e-6) {
        const start = x - (down * uy) / ux;
        const end = start + length / ux;
        left = Math.max(left, Math.ceil(Math.min(start, end) - 0.5));
        right = Math.min(right, Math.floor(Math.max(start, end) - 0.5));
      }
      for (let column = left; column <= right; column++) {
        const over = column + 0.5 - x;
        const side = (over * uy - down * ux) / pixels;
        const round = Math.sqrt(Math.max(0, 1 - side * side));
        const pixel = row * width + column;
        const depth = near + (deep * (over * ux + down * uy)) / length - bulge * round;
        if (depth >= depths[pixel]!) continue;
        depths[pixel] = depth;
        this.#paint(pixel, round * facingLit + side * acrossLit);
      }
    }
  }
}

/** Lambert's law: of the colour of a surface, for each level of how much it is turned to the light. */
const diffuse = Float32Array.from({ length: BRIGHTEST + 2 }, (_, level) => AMBIENT + (LIGHT * level) / BRIGHTEST);

/** Specular reflection (GGX microfacets), 4 % of what comes from the front: 0 … 255. */
const sheen = Float32Array.from({ length: BRIGHTEST + 2 }, (_, level) => {
  const square = (level / BRIGHTEST) ** 2;
  const spread = 1 - square * (1 - ROUGHNESS);
  return (255 * LIGHT * 0.01 * ROUGHNESS) / (spread ** 2 * Math.sqrt(ROUGHNESS + (1 - ROUGHNESS) * square));
});
