// Who paid whom: payers on the left, paid on the right, a stream as wide as the amount between.

import { h } from '../dom.js';
import { credits, share } from '../format.js';
import { intentToken } from '../intent.js';

const total = 260; // pixels that all money together is high
const thinnest = 1.5;
const apart = 38; // between the tops of neighbours, room for two lines of text
const gap = 10;

const sumOf = (flows) => flows.reduce((sum, flow) => sum + flow.amount, 0);

/** One side: names by size, each with its place from the top. */
function side(flows, key, perCredit) {
  const amounts = new Map();
  for (const flow of flows) {
    amounts.set(flow[key], (amounts.get(flow[key]) ?? 0) + flow.amount);
  }
  let y = 0;
  return [...amounts]
    .sort((a, b) => b[1] - a[1])
    .map(([name, amount]) => {
      const node = { name, amount, y, height: Math.max(amount * perCredit, thinnest), used: 0 };
      y += Math.max(node.height + gap, apart);
      return node;
    });
}

const heightOf = (nodes) =>
  nodes.reduce((most, node) => Math.max(most, node.y + Math.max(node.height, apart)), 0);

/** Moves the shorter side down to the middle of the longer one. */
function centre(nodes, height) {
  const shift = (height - heightOf(nodes)) / 2;
  for (const node of nodes) node.y += shift;
}

/** Places of all names and streams; for tests too. */
export function layoutFlows(flows) {
  const all = sumOf(flows);
  const perCredit = total / all;
  const left = side(flows, 'from', perCredit);
  const right = side(flows, 'to', perCredit);
  const height = Math.max(heightOf(left), heightOf(right));
  centre(left, height);
  centre(right, height);
  const rank = (nodes, name) => nodes.findIndex((node) => node.name === name);
  const streams = flows
    .map((flow) => ({ ...flow, source: rank(left, flow.from), target: rank(right, flow.to) }))
    .sort((a, b) => a.source - b.source || a.target - b.target)
    .map((flow) => {
      const [source, target] = [left[flow.source], right[flow.target]];
      const width = Math.max(flow.amount * perCredit, thinnest);
      const stream = { ...flow, width, y0: source.y + source.used, y1: target.y + target.used };
      source.used += width;
      target.used += width;
      return stream;
    });
  return { left, right, streams, height, all };
}

/** In a box of 100 by the chart's height that is stretched to the width at hand. */
function ribbon({ y0, y1, width }) {
  const curve = (from, to) => `C50 ${from} 50 ${to}`;
  const round = (y) => Number(y.toFixed(2));
  const [a, b, c, d] = [y0, y1, y1 + width, y0 + width].map(round);
  return `M0 ${a}${curve(a, b)} 100 ${b}L100 ${c}${curve(c, d)} 0 ${d}Z`;
}

const leftEdge = 20; // percent of the width
const rightEdge = 74;
const thick = 6; // pixels of the bar beside a name

function label(node, x, anchor, shift, all) {
  const y = node.y + node.height / 2;
  return h(
    'svg',
    { x: `${x}%`, y: 0, class: 'mark-origin' },
    h('text', { class: 'flow-name', x: shift, y: y - 2, 'text-anchor': anchor }, node.name),
    h(
      'text',
      { class: 'flow-amount', x: shift, y: y + 14, 'text-anchor': anchor },
      credits(node.amount),
      h('tspan', { class: 'share' }, ` (${share(node.amount / all)})`),
    ),
  );
}

function post(node, x, shift, colour) {
  return h(
    'svg',
    { x: `${x}%`, y: 0, class: 'mark-origin' },
    h('rect', {
      x: shift,
      y: node.y,
      width: thick,
      height: node.height,
      style: `fill: var(--${colour})`,
    }),
  );
}

/** @param {Map<string, string>} intents by behaviour */
export function flowChart(flows, intents) {
  const { left, right, streams, height, all } = layoutFlows(flows);
  const colourOf = (name) => intentToken(intents.get(name));
  const margin = 6;
  return h(
    'svg',
    {
      class: 'flow',
      height: height + 2 * margin,
      role: 'img',
      'aria-label': `Payments: ${streams
        .map((one) => `${one.from} to ${one.to} ${credits(one.amount)}`)
        .join('; ')}`,
    },
    h(
      'svg',
      { x: 0, y: margin, class: 'mark-origin' },
      h(
        'svg',
        {
          x: `${leftEdge}%`,
          width: `${rightEdge - leftEdge}%`,
          height,
          viewBox: `0 0 100 ${height}`,
          preserveAspectRatio: 'none',
        },
        streams.map((one) =>
          h(
            'path',
            { class: 'stream', d: ribbon(one), style: `fill: var(--${colourOf(one.to)})` },
            h(
              'title',
              {},
              `${one.from} to ${one.to}: ${credits(one.amount)} credits, ${share(one.amount / all)}`,
            ),
          ),
        ),
      ),
      left.flatMap((node) => [
        post(node, leftEdge, -thick, 'ink-2'),
        label(node, leftEdge, 'end', -thick - 8, all),
      ]),
      right.flatMap((node) => [
        post(node, rightEdge, 0, colourOf(node.name)),
        label(node, rightEdge, 'start', thick + 8, all),
      ]),
    ),
  );
}
