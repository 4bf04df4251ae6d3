// The words of the section on redundancy, and the ticks of its axes.

import { h } from '../dom.js';
import { count, counted, share } from '../format.js';

/** A few sentences on what was accepted. */
export function trustLead(trust) {
  if (trust.jobs === 0) return 'No job was decided.';
  const wrong =
    trust.wrong === 0
      ? 'none of the results that stand at the end is wrong'
      : `${counted(trust.wrong, 'result')} that ${trust.wrong === 1 ? 'stands' : 'stand'} at the ` +
        `end ${trust.wrong === 1 ? 'is' : 'are'} wrong (${share(trust.wrong / trust.jobs)})`;
  const mended =
    trust.wrong_at_first > trust.wrong
      ? `, after ${count(trust.wrong_at_first - trust.wrong)} that ` +
        `${trust.wrong_at_first - trust.wrong === 1 ? 'was' : 'were'} revised`
      : '';
  // A run that was stopped early has no second half.
  const later =
    trust.copies_per_job_steady > 0
      ? `, and ${trust.copies_per_job_steady.toFixed(2)} in the second half of the run, when ` +
        'nodes have histories'
      : '';
  return (
    `Of ${counted(trust.jobs, 'job')} with a verdict, ${wrong}${mended}. ` +
    `A job took ${trust.copies_per_job.toFixed(2)} copies in the mean${later}.`
  );
}

/** `steps` equal round steps from 0 that reach at least `high`, which is positive. */
export function evenTicks(high, steps) {
  const least = high / steps;
  const power = 10 ** Math.floor(Math.log10(least));
  const step = [1, 2, 2.5, 5, 10].map((m) => m * power).find((s) => s >= least * (1 - 1e-9));
  return Array.from({ length: steps + 1 }, (_, i) => i * step);
}

/** A stroke in a line's colour, and what the line is. */
export function lineKey(colour, text, dashed = false) {
  return h(
    'span',
    { class: 'key' },
    h(
      'svg',
      { width: 22, height: 10, 'aria-hidden': 'true' },
      h('line', {
        x1: 0,
        x2: 22,
        y1: 5,
        y2: 5,
        'stroke-width': 2.5,
        'stroke-dasharray': dashed ? '6 4' : undefined,
        style: `stroke: var(--${colour})`,
      }),
    ),
    text,
  );
}
