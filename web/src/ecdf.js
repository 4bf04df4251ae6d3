// Reading an empirical distribution.

/** The share of samples that are at most `value`. */
export function shareAtMost(ecdf, value) {
  let low = 0;
  let high = ecdf.value_s.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ecdf.value_s[middle] <= value) low = middle + 1;
    else high = middle;
  }
  return low === 0 ? 0 : ecdf.fraction[low - 1];
}

/** The smallest point that at least `share` of the samples do not exceed. */
export function quantile(ecdf, share) {
  // Fractions are stored as 32-bit numbers, so an exact share may come back a little smaller.
  const at = ecdf.fraction.findIndex((fraction) => fraction >= share - 1e-7);
  return at < 0 ? NaN : ecdf.value_s[at];
}
