// Which indices lead to a byte: bounded solutions of Σ iₖ·sₖ = target, without enumerating. The
// mirror of model/search.py.
// Axes are [length, stride] with positive, falling strides.

/** @import { Axis, Budget } from "../types.js" */

/** Steps a count may take before it gives up. */
export const SEARCH_STEPS = 20000;

/**
 * Indices of the first axis that leave a target the later axes can reach: [from, to] inclusive.
 * @param {Axis[]} axes
 * @param {number} target
 */
function feasible(axes, target) {
  const rest = axes.slice(1).reduce((far, [n, st]) => far + (n - 1) * st, 0);
  const [n, st] = axes[0];
  return [Math.max(0, Math.ceil((target - rest) / st)), Math.min(n - 1, Math.floor(target / st))];
}

/**
 * Count solutions of Σ iₖ·sₖ = target; the last two axes in closed form. Null if the budget is used
 * up.
 * @param {Axis[]} axes
 * @param {number} target
 * @param {Budget} budget
 * @returns {number | null}
 */
export function countSums(axes, target, budget) {
  if (!axes.length) return Number(target === 0);
  const [from, to] = feasible(axes, target);
  if (axes.length === 2) return countPair(axes, target, from, to);
  let count = 0;
  for (let i = from; i <= to; i++) {
    budget.left -= 1;
    if (budget.left < 0) return null;
    const more = countSums(axes.slice(1), target - i * axes[0][1], budget);
    if (more === null) return null;
    count += more;
  }
  return count;
}

/**
 * Count i in [from, to] with i·s + j·t = target: i is fixed modulo t ÷ gcd(s, t).
 * @param {Axis[]} axes
 * @param {number} target
 * @param {number} from
 * @param {number} to
 */
function countPair([[, st], [, t]], target, from, to) {
  const g = gcd(st, t);
  const m = t / g;
  if (target % g || to < from) return 0;
  const first = Number((BigInt(target / g) * inverse(BigInt(st / g), BigInt(m))) % BigInt(m));
  const start = from + ((((first - from) % m) + m) % m);
  return start > to ? 0 : Math.floor((to - start) / m) + 1;
}

/**
 * @param {number} a
 * @param {number} b
 * @returns {number}
 */
const gcd = (a, b) => (b ? gcd(b, a % b) : a);

/**
 * The inverse of a modulo m, by Euclid's algorithm.
 * @param {bigint} a
 * @param {bigint} m
 */
function inverse(a, m) {
  let [r, next, x, y] = [a % m, m, 1n, 0n];
  while (next) {
    const q = r / next;
    [r, next, x, y] = [next, r - q * next, y, x - q * y];
  }
  return ((x % m) + m) % m;
}

/**
 * Yield solutions of Σ iₖ·sₖ = target; stops when the budget is used up.
 * @param {Axis[]} axes
 * @param {number} target
 * @param {Budget} budget
 * @returns {Generator<number[], void>}
 */
export function* sums(axes, target, budget) {
  if (!axes.length) {
    if (target === 0) yield [];
    return;
  }
  const [from, to] = feasible(axes, target);
  for (let i = from; i <= to; i++) {
    budget.left -= 1;
    if (budget.left < 0) return;
    for (const rest of sums(axes.slice(1), target - i * axes[0][1], budget)) yield [i, ...rest];
  }
}
