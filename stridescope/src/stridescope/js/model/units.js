// Sizes as text. The mirror of model/units.py.

const SIZE_UNITS = ["B", "kB", "MB", "GB", "TB", "PB"];

/**
 * A size in powers of 1000 with three digits: 8 B, 2.4 kB.
 * @param {number} nbytes
 */
export function sizeWords(nbytes) {
  let size = nbytes;
  let k = 0;
  while (size >= 999.5 && k < SIZE_UNITS.length - 1) {
    size /= 1000;
    k += 1;
  }
  const isRound = size >= 99.95;
  const number = isRound ? Math.round(size).toLocaleString("en") : Number(size.toPrecision(3));
  return `${number} ${SIZE_UNITS[k]}`;
}
