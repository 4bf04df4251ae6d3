// Bounded slowdown by size of job: a table whose last column draws the row's figures.

import { caption, empty, h, table } from './dom.js';
import { count, real } from './format.js';

/** Position of a slowdown, in percent of the width, on a logarithmic axis from 1 to `top`. */
function scale(top) {
  const decades = Math.log10(top);
  return (value) => 3 + 94 * (Math.log10(Math.max(value, 1)) / decades);
}

const at = (percent) => `${percent.toFixed(2)}%`;

function powers(top) {
  const out = [];
  for (let power = 1; power <= top * 1.0001; power *= 10) out.push(power);
  return out;
}

const diamond = 'M0 -6l6 6l-6 6l-6 -6z';

/** Median (circle), mean (diamond), 95th percentile (bar's end). */
function rangeMark(row, top) {
  const x = scale(top);
  const [one, median, mean, high] = [1, row.p50, row.mean, row.p95].map(x);
  return h(
    'svg',
    {
      class: 'range',
      height: 30,
      role: 'img',
      'aria-label':
        `median ${real(row.p50)}, mean ${real(row.mean)}, ` + `95th percentile ${real(row.p95)}`,
    },
    powers(top).map((power) =>
      h('line', { class: 'grid', x1: at(x(power)), x2: at(x(power)), y1: 0, y2: 30 }),
    ),
    h('rect', {
      class: 'reach',
      x: at(one),
      y: 9,
      width: at(Math.max(high - one, 0.2)),
      height: 12,
    }),
    h('line', { class: 'end', x1: at(high), x2: at(high), y1: 6, y2: 24 }),
    h('circle', { class: 'median', cx: at(median), cy: 15, r: 5 }),
    h(
      'svg',
      { x: at(mean), y: 15, class: 'mark-origin' },
      h('path', { class: 'mean', d: diamond }),
    ),
  );
}

/** The numbers under the bars. */
function scaleMark(top) {
  const x = scale(top);
  const ticks = powers(top);
  const shown = ticks.length > 4 ? ticks.filter((_, i) => i % 2 === 0) : ticks;
  return h(
    'svg',
    { class: 'range scale', height: 20, 'aria-hidden': 'true' },
    shown.map((power) =>
      h(
        'text',
        {
          x: power === top ? '100%' : at(x(power)),
          y: 14,
          'text-anchor': power === top ? 'end' : 'middle',
        },
        count(power),
      ),
    ),
  );
}

function legend() {
  const key = (shape, text) =>
    h('span', {}, h('svg', { width: 16, height: 16, 'aria-hidden': 'true' }, shape), text);
  return h(
    'p',
    { class: 'legend' },
    key(h('circle', { class: 'median', cx: 8, cy: 8, r: 5 }), 'median'),
    key(
      h('svg', { x: 8, y: 8, class: 'mark-origin' }, h('path', { class: 'mean', d: diamond })),
      'mean',
    ),
    key(
      [
        h('rect', { class: 'reach', x: 0, y: 2, width: 14, height: 12 }),
        h('line', { class: 'end', x1: 14, x2: 14, y1: 0, y2: 16 }),
      ],
      '95th percentile',
    ),
  );
}

export function showSlowdown(data) {
  const body = document.getElementById('slowdown-body');
  const rows = data.slowdown_by_size;
  if (!rows.some((row) => row.jobs > 0)) {
    body.append(empty('No job started, so there is no slowdown to show.'));
    return;
  }
  const highest = Math.max(10, ...rows.map((row) => Math.max(row.p95, row.mean)));
  const top = 10 ** Math.ceil(Math.log10(highest) - 1e-9);
  const cells = rows.map((row) =>
    row.jobs === 0
      ? [row.label, '0', '–', '–', '–', '']
      : [
          row.label,
          count(row.jobs),
          real(row.mean),
          real(row.p50),
          real(row.p95),
          rangeMark(row, top),
        ],
  );
  cells.push(['', '', '', '', '', scaleMark(top)]);
  const shown = table({
    caption: 'Bounded slowdown by cores per job',
    head: ['Cores', 'jobs', 'mean', 'p50', 'p95', 'on a logarithmic scale'],
    rows: cells,
    name: 'slowdown',
  });
  const axisRow = shown.querySelector('tbody tr:last-child');
  axisRow.classList.add('axis');
  axisRow.setAttribute('aria-hidden', 'true');
  body.append(
    h(
      'figure',
      {},
      legend(),
      shown,
      caption(
        'Bounded slowdown is (wait + run time) / max(run time, 10s), and at least 1: how many ' +
          'times longer a job took than on an empty machine. A long bar in one row alone means ' +
          'that jobs of that size pay for the others.',
      ),
    ),
  );
}
