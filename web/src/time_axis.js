// Ticks of an axis of simulated time.

const minute = 60;
const hour = 3600;
const day = 86400;

const steps = [
  0.1,
  0.2,
  0.5,
  1,
  2,
  5,
  10,
  15,
  30,
  minute,
  2 * minute,
  5 * minute,
  10 * minute,
  15 * minute,
  30 * minute,
  hour,
  2 * hour,
  3 * hour,
  6 * hour,
  12 * hour,
  day,
  2 * day,
  5 * day,
  10 * day,
  20 * day,
  50 * day,
  100 * day,
  200 * day,
  500 * day,
  1000 * day,
  2000 * day,
  5000 * day,
  10000 * day,
];

/** Instants at a step that people count in, about `wanted` of them. */
export function timeTicks(min, max, wanted) {
  const least = (max - min) / Math.max(wanted, 1);
  const step = steps.find((candidate) => candidate >= least) ?? steps[steps.length - 1];
  const ticks = [];
  for (let i = Math.ceil(min / step - 1e-9) + 0; i * step <= max * (1 + 1e-12); i++) {
    ticks.push(i * step);
  }
  return { step, ticks };
}

/** The label of a tick: days where a day begins, otherwise as much as the step needs. */
export function timeLabel(at, step) {
  if (at === 0) return '0';
  if (at % day === 0) return `${at / day}d`;
  const days = Math.floor(at / day);
  const rest = at - days * day;
  const lead = days > 0 ? `${days}d ` : '';
  if (step >= hour) return `${lead}${Math.round(rest / hour)}h`;
  const hours = Math.floor(rest / hour);
  const minutes = Math.floor((rest - hours * hour) / minute);
  const clock = `${hours}:${String(minutes).padStart(2, '0')}`;
  if (step >= minute) return lead + clock;
  const left = rest - hours * hour - minutes * minute;
  return `${lead}${clock}:${left.toFixed(step < 1 ? 1 : 0).padStart(step < 1 ? 4 : 2, '0')}`;
}

/** How many ticks fit side by side in a width in CSS pixels: labels of short spans are longer. */
export function ticksThatFit(width, span) {
  const label = span > 2 * day ? 64 : span > hour ? 84 : 104;
  return Math.max(2, Math.floor(width / label));
}
