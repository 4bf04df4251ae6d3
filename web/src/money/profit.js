// Profit by behaviour: a table whose last column draws the profit of one node.

import { h, table } from '../dom.js';
import { count, credits } from '../format.js';
import { behaviourName, intentLegend, intentToken } from '../intent.js';
import { evenTicks } from '../trust/text.js';

const at = (percent) => `${percent.toFixed(2)}%`;

export const perNode = (earner) => (earner.nodes > 0 ? earner.profit / earner.nodes : 0);

/** Round numbers from the largest loss to the largest gain, zero among them. */
export function profitTicks(lowest, highest) {
  const reach = Math.max(highest, -lowest);
  if (!(reach > 0)) return [0];
  const [, step] = evenTicks(reach, 2);
  const ticks = [];
  for (let i = -2; i <= 2; i++) {
    const within = i < 0 ? lowest < (i + 1) * step : i === 0 || highest > (i - 1) * step;
    if (within) ticks.push(i * step);
  }
  return ticks;
}

/** Positions in percent of the width. */
function scale(ticks) {
  const low = ticks[0];
  const high = ticks[ticks.length - 1];
  return (value) => 4 + 92 * (high > low ? (value - low) / (high - low) : 0);
}

function bar(earner, ticks) {
  const x = scale(ticks);
  const value = perNode(earner);
  const [zero, end] = [x(0), x(value)];
  return h(
    'svg',
    {
      class: 'range',
      height: 30,
      role: 'img',
      'aria-label': `${value < 0 ? 'loss' : 'profit'} of ${credits(Math.abs(value))} per node`,
    },
    ticks.map((tick) =>
      h('line', { class: 'grid', x1: at(x(tick)), x2: at(x(tick)), y1: 0, y2: 30 }),
    ),
    h('rect', {
      x: at(Math.min(zero, end)),
      y: 7,
      width: at(Math.max(Math.abs(end - zero), 0.3)),
      height: 16,
      style: `fill: var(--${intentToken(earner.intent)})`,
    }),
    h('line', { class: 'zero', x1: at(zero), x2: at(zero), y1: 0, y2: 30 }),
  );
}

function scaleMark(ticks) {
  const x = scale(ticks);
  return h(
    'svg',
    { class: 'range scale', height: 20, 'aria-hidden': 'true' },
    ticks.map((tick) =>
      h('text', { x: at(x(tick)), y: 14, 'text-anchor': 'middle' }, credits(tick)),
    ),
  );
}

export function profitTable(earners) {
  const values = earners.map(perNode);
  const ticks = profitTicks(Math.min(0, ...values), Math.max(0, ...values));
  const rows = earners.map((earner) => [
    behaviourName(earner),
    count(earner.nodes),
    credits(earner.earned),
    credits(earner.earned - earner.profit),
    credits(earner.profit),
    credits(perNode(earner)),
    bar(earner, ticks),
  ]);
  rows.push(['', '', '', '', '', '', scaleMark(ticks)]);
  const shown = table({
    caption: 'Profit by behaviour',
    head: ['Behaviour', 'nodes', 'earned', 'costs', 'profit', 'per node', ''],
    rows,
    name: 'profit',
  });
  const axisRow = shown.querySelector('tbody tr:last-child');
  axisRow.classList.add('axis');
  axisRow.setAttribute('aria-hidden', 'true');
  return h('div', {}, intentLegend(earners.map((earner) => earner.intent)), shown);
}
