// Sizes and paths that several pictures share.

/** Room of the wide form, px: 44 rem. */
export const WIDE = 704;
/** Least width of a cell, px. */
export const CELL_W = 44;
/** Width of the largest cells, px. */
export const CELL_LARGE = 72;
/** Least height of a cell, px. */
export const CELL_H = 32;
/** Height of one level of arcs above a strip, px. */
export const ARC_LEVEL = 26;
/** Height of a box in a strip, px. */
export const BOX_H = 36;

/**
 * Path data of a rectangle.
 * @param {number} x
 * @param {number} y
 * @param {number} width
 * @param {number} height
 */
export const rectPath = (x, y, width, height) => `M${x} ${y}h${width}v${height}h${-width}z`;

/**
 * Path data of the dot where a path starts.
 * @param {number} x
 * @param {number} y
 */
export const dotPath = (x, y) => `M${x - 3} ${y - 1}a3 3 0 1 0 6 0a3 3 0 1 0 -6 0z`;

/**
 * Path data of the head where a step ends.
 * @param {number} x
 * @param {number} y
 */
export const headPath = (x, y) => `M${x - 3} ${y - 3}h6l-3 6z`;

/**
 * Path data of 45° lines clipped to a rectangle, `step` px apart.
 * @param {number} x
 * @param {number} y
 * @param {number} width
 * @param {number} height
 */
export function hatchPath(x, y, width, height, step = 8) {
  let path = "";
  for (let k = step / 2; k < width + height; k += step) {
    const start = Math.max(0, k - height);
    const length = Math.min(k, width) - start;
    path += `M${x + start} ${y + k - start}l${length}-${length}`;
  }
  return path;
}

/**
 * Add a box to the paths of fills: a band for each hue, from the left; the page where none is.
 * @param {Record<string, string>} paths by class
 * @param {number[]} hues
 * @param {number} x
 * @param {number} y
 * @param {number} width
 * @param {number} height
 * @param {string} [pale] added to the class, " p", if the fill is pale
 */
export function addBands(paths, hues, x, y, width, height, pale = "") {
  const one = hues.length ? hues.map((hue) => `c${hue}${pale}`) : ["cx"];
  one.forEach((cls, k) => {
    const left = Math.floor((width * k) / one.length);
    const end = Math.floor((width * (k + 1)) / one.length);
    paths[cls] = (paths[cls] ?? "") + rectPath(x + left, y, end - left, height);
  });
}
