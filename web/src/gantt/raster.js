// Paints the pieces of one lane into pixels.
//
// At full width a pixel column may stand for hours and hold hundreds of jobs. Each piece therefore
// adds the exact share of the pixel that it covers, and the pixel's colour is the mix: a half-used
// machine looks half filled at every zoom. The cost is that of the pieces and pixels in view.

export const shades = 4;
const levels = 64; // steps of coverage
const tints = 32; // steps between the lightest and the darkest shade
const perShade = (tints - 1) / (shades - 1);

function parseHex(hex) {
  return [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));
}

const mix = (a, b, share) => a + (b - a) * share;

/** Colours by tint and coverage, packed as the pixels of a little-endian ImageData. */
export function makePalette(colour, paper) {
  const full = parseHex(colour);
  const empty = parseHex(paper);
  const palette = new Uint32Array(tints * levels);
  for (let tint = 0; tint < tints; tint++) {
    const strength = 0.5 + 0.5 * (tint / (tints - 1));
    for (let level = 0; level < levels; level++) {
      // A lone short job must not vanish: coverage is lifted a little at the low end.
      const cover = (level / (levels - 1)) ** 0.85 * strength;
      const [r, g, b] = full.map((part, i) => Math.round(mix(empty[i], part, cover)));
      palette[tint * levels + level] = ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;
    }
  }
  return palette;
}

/**
 * Neighbouring jobs mostly get different shades, and a job the same shade everywhere. The upper
 * bits of the product decide, since the lower ones repeat where only every fourth job is drawn.
 */
export function shadeOf(job) {
  return Math.floor(((Math.imul(job, 0x9e3779b1) >>> 0) / 2 ** 32) * shades);
}

export class Raster {
  resize(width, height) {
    const size = width * height;
    if (!this.cover || this.cover.length < size) {
      this.cover = new Float32Array(size);
      this.tint = new Float32Array(size);
    }
    this.width = width;
    this.height = height;
    this.cover.fill(0, 0, size);
    this.tint.fill(0, 0, size);
  }

  /** Adds the rectangle [x0, x1) × [y0, y1), in pixels, clipped to the raster. */
  add(x0, x1, y0, y1, shade) {
    const left = Math.max(x0, 0);
    const right = Math.min(x1, this.width);
    const top = Math.max(y0, 0);
    const bottom = Math.min(y1, this.height);
    if (left >= right || top >= bottom) return;
    const firstColumn = Math.floor(left);
    const lastColumn = Math.ceil(right);
    for (let y = Math.floor(top); y < bottom; y++) {
      const rowShare = Math.min(y + 1, bottom) - Math.max(y, top);
      const row = y * this.width;
      for (let x = firstColumn; x < lastColumn; x++) {
        const share = rowShare * (Math.min(x + 1, right) - Math.max(x, left));
        this.cover[row + x] += share;
        this.tint[row + x] += share * shade;
      }
    }
  }

  /** Writes the mixed colours into `pixels`, one Uint32 per pixel. */
  write(pixels, palette) {
    const size = this.width * this.height;
    const { cover, tint } = this;
    for (let i = 0; i < size; i++) {
      const covered = cover[i];
      if (covered === 0) {
        pixels[i] = palette[0];
        continue;
      }
      // Cutting off to an integer after adding a half rounds, several times faster than Math.round.
      const level = covered >= 1 ? levels - 1 : (covered * (levels - 1) + 0.5) | 0 || 1;
      const step = Math.min(tints - 1, ((tint[i] / covered) * perShade + 0.5) | 0);
      pixels[i] = palette[step * levels + level];
    }
  }
}
