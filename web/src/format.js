// Numbers as people read them. The page is in English, so that equal data look equal everywhere.

const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** A count with thousands separators. */
export function count(value) {
  return grouped.format(value);
}

/** "1 job", "2 jobs". */
export function counted(value, noun) {
  return `${count(value)} ${noun}${value === 1 ? '' : 's'}`;
}

/** A real number with about three significant digits and thousands separators. */
export function real(value) {
  if (!Number.isFinite(value)) return '–';
  const size = Math.abs(value);
  const digits = size >= 100 || size === 0 ? 0 : size >= 10 ? 1 : 2;
  return new Intl.NumberFormat('en-US', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(value);
}

/** A share of one as a percentage. */
export function percent(share, digits = 1) {
  if (!Number.isFinite(share)) return '–';
  const smallest = 10 ** -digits;
  if (share > 0 && 100 * share < smallest / 2) return `< ${smallest.toFixed(digits)} %`;
  return `${(100 * share).toFixed(digits)} %`;
}

/** A share of one as a percentage with two significant digits, however small. */
export function share(value) {
  if (!Number.isFinite(value)) return '–';
  const shown = 100 * value;
  if (shown === 0) return '0 %';
  return `${Number(shown.toPrecision(Math.abs(shown) >= 10 ? 3 : 2))} %`;
}

/** An amount of money with about three significant digits, without its unit. */
export function credits(value) {
  if (!Number.isFinite(value)) return '–';
  const digits = Math.min(Math.max(2 - Math.floor(Math.log10(Math.abs(value) || 1)), 0), 6);
  const text = new Intl.NumberFormat('en-US', { maximumFractionDigits: digits }).format(
    Math.abs(value),
  );
  return value < 0 && text !== '0' ? `−${text}` : text;
}

const units = [
  ['d', 86400],
  ['h', 3600],
  ['m', 60],
  ['s', 1],
];

/** A duration with its two largest units: "3d 4h", "12m 30s", "0.4s". */
export function duration(seconds) {
  if (!Number.isFinite(seconds)) return '–';
  if (seconds < 0) return `−${duration(-seconds)}`;
  if (seconds < 10 && seconds !== Math.round(seconds)) return `${Number(seconds.toFixed(1))}s`;
  const whole = Math.round(seconds);
  let index = units.findIndex(([, size]) => whole >= size);
  if (index < 0) return '0s';
  if (index === units.length - 1) return `${whole}s`;
  const [name, size] = units[index];
  const [nextName, nextSize] = units[index + 1];
  let large = Math.floor(whole / size);
  let small = Math.round((whole - large * size) / nextSize);
  if (small * nextSize === size) {
    large += 1;
    small = 0;
  }
  if (index > 0 && large * size === units[index - 1][1]) return `1${units[index - 1][0]}`;
  return small === 0 ? `${large}${name}` : `${large}${name} ${small}${nextName}`;
}

/** An instant of the run with its time of day: "28d 14:03:20". */
export function instant(seconds) {
  const whole = Math.round(seconds);
  const two = (value) => String(value).padStart(2, '0');
  const days = Math.floor(whole / 86400);
  const clock = [3600, 60, 1].map((size, i) => two(Math.floor(whole / size) % (i === 0 ? 24 : 60)));
  return `${days > 0 ? `${days}d ` : ''}${clock.join(':')}`;
}

/** Exact seconds, for tables where the exact figure matters. */
export function seconds(value) {
  if (!Number.isFinite(value)) return '–';
  const digits = value === Math.round(value) ? 0 : 3;
  return new Intl.NumberFormat('en-US', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(value);
}
