// What became of a replica, in the order of io::BarFate, and how its bar looks.

import { h } from '../dom.js';

export const fateNames = [
  'valid',
  'found to be wrong',
  'wrong, not found out',
  'failed or late',
  'not needed or undecided',
  'not judged by the end',
];

export const valid = 0;

/** Colour tokens; what is valid has the colour of its tier. */
export const fateTokens = [null, 'hostile', 'unnoticed', 'faulty', 'idle', 'ink-chart-2'];

/** What the colours of the fates that occur mean. */
export function fateLegend(fates) {
  const seen = new Set(fates);
  return h(
    'p',
    { class: 'legend' },
    fateNames.map((name, fate) => {
      if (!seen.has(fate)) return null;
      const colour = fateTokens[fate];
      const swatch = h('span', {
        class: colour ? 'swatch' : 'swatch tiers',
        style: colour ? `background: var(--${colour})` : undefined,
        'aria-hidden': 'true',
      });
      return h('span', {}, swatch, fate === valid ? `${name} (colour of the tier)` : name);
    }),
  );
}
