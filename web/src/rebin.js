// Reduces a long series to about as many values as there are pixels to draw them on.

/**
 * Mean, lowest and highest of groups of neighbouring buckets that touch [min, max]. Groups start at
 * multiples of their size, so that they do not change while the view moves.
 * @param {ArrayLike<number>} values one per bucket of `width` seconds from 0
 * @returns {{x: number[], mean: number[], low: number[], high: number[], group: number}}
 *   `x` are the starts of the groups; a last entry, the end, repeats the last value
 */
export function rebin(values, width, min, max, wanted) {
  const out = { x: [], mean: [], low: [], high: [], group: 1 };
  if (values.length === 0) return out;
  const first = Math.max(0, Math.floor(min / width));
  const last = Math.min(values.length, Math.max(Math.ceil(max / width), first + 1));
  out.group = Math.max(1, Math.ceil((last - first) / wanted));
  const begin = Math.floor(first / out.group) * out.group;
  for (let i = begin; i < last; i += out.group) {
    const end = Math.min(i + out.group, values.length);
    let sum = 0;
    let low = Infinity;
    let high = -Infinity;
    for (let j = i; j < end; j++) {
      sum += values[j];
      low = Math.min(low, values[j]);
      high = Math.max(high, values[j]);
    }
    push(out, i * width, sum / (end - i), low, high);
  }
  const final = out.x.length - 1;
  const end = Math.min(last + out.group, values.length) * width;
  push(out, Math.max(end, out.x[final] + width), out.mean[final], out.low[final], out.high[final]);
  return out;
}

function push(out, x, mean, low, high) {
  out.x.push(x);
  out.mean.push(mean);
  out.low.push(low);
  out.high.push(high);
}

export function meanOf(values) {
  let sum = 0;
  for (const value of values) sum += value;
  return values.length === 0 ? NaN : sum / values.length;
}

export function highestOf(values) {
  let high = -Infinity;
  for (const value of values) high = Math.max(high, value);
  return high;
}
