// How nodes that mean well, are defective, or mean ill look; the mark tells them apart without
// colour.

import { h } from './dom.js';

const marks = { honest: '■', faulty: '▲', hostile: '●' };

/** The colour token of an intent, or of what is none. */
export const intentToken = (intent) => (marks[intent] ? intent : 'ink-2');

export function intentBadge(intent) {
  return h(
    'span',
    { class: 'mark', style: `color: var(--${intentToken(intent)})`, 'aria-hidden': 'true' },
    marks[intent] ?? '◆',
  );
}

/** A cell with the name of a behaviour behind its mark. */
export function behaviourName({ name, intent }) {
  return h('span', {}, intentBadge(intent), name);
}

/** What the marks mean. */
export function intentLegend(intents) {
  const words = { honest: 'honest', faulty: 'defective', hostile: 'hostile' };
  return h(
    'p',
    { class: 'legend' },
    Object.keys(marks)
      .filter((intent) => intents.includes(intent))
      .map((intent) => h('span', {}, intentBadge(intent), words[intent])),
  );
}
