// Light and dark: the reader's system decides unless the reader does. "#dark" or "#light" at the
// end of the address decide too, for links and for pictures made by scripts.

import { h } from './dom.js';

const listeners = new Set();
const choices = ['auto', 'light', 'dark'];
let printing = false;

/** Calls back after the colours have changed. */
export function onThemeChange(listener) {
  listeners.add(listener);
}

function notify() {
  for (const listener of listeners) listener();
}

function stored() {
  try {
    return localStorage.getItem('nexa-theme');
  } catch {
    return null; // Some browsers deny storage to pages from a file.
  }
}

function store(choice) {
  try {
    localStorage.setItem('nexa-theme', choice);
  } catch {
    // The choice then lasts as long as the page.
  }
}

function fromAddress() {
  const match = /(?:^#|[#&])(dark|light)\b/.exec(location.hash);
  return match ? match[1] : null;
}

function apply(choice) {
  const root = document.documentElement;
  if (choice === 'auto') root.removeAttribute('data-theme');
  else root.setAttribute('data-theme', choice);
  for (const button of document.querySelectorAll('#themes button')) {
    button.setAttribute('aria-pressed', String(button.dataset.choice === choice));
  }
  notify();
}

/** The value of a colour token of the style sheet, such as 'ink' or 'tier-0'. */
export function token(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

export const tierColours = 7;
const marks = ['■', '●', '▲', '◆', '▼', '★', '✚'];

/** Colour and mark of a tier; the mark tells tiers apart without colour. */
export const tierToken = (tier) => `tier-${tier % tierColours}`;
export const tierMark = (tier) => marks[tier % marks.length];

/** The tier's mark in the tier's colour. */
export function tierBadge(tier) {
  return h(
    'span',
    { class: 'mark', style: `color: var(--${tierToken(tier)})`, 'aria-hidden': 'true' },
    tierMark(tier),
  );
}

export function isPrinting() {
  return printing;
}

/** Paper is white: charts are redrawn in light colours and at the width of the paper. */
function followPrinter() {
  const setPrinting = (now) => {
    if (printing === now) return;
    printing = now;
    document.documentElement.toggleAttribute('data-print', now);
    notify();
  };
  addEventListener('beforeprint', () => setPrinting(true));
  addEventListener('afterprint', () => setPrinting(false));
}

export function startThemes() {
  const group = document.getElementById('themes');
  for (const choice of choices) {
    group.append(
      h(
        'button',
        {
          type: 'button',
          'data-choice': choice,
          onclick: () => {
            store(choice);
            apply(choice);
          },
        },
        choice[0].toUpperCase() + choice.slice(1),
      ),
    );
  }
  const saved = stored();
  apply(fromAddress() ?? (choices.includes(saved) ? saved : 'auto'));
  addEventListener('hashchange', () => {
    const choice = fromAddress();
    if (choice) apply(choice);
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', notify);
  followPrinter();
}
