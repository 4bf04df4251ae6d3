// The distribution of waiting times: which share of the jobs waited at most so long.

import uPlot from 'uplot';
import { caption, empty, foldedTable, table } from './dom.js';
import { quantile, shareAtMost } from './ecdf.js';
import { duration, percent, seconds } from './format.js';
import { ChartFrame, axis, chartFont, faded, mountPlot } from './plot.js';
import { token } from './theme.js';

const shortest = 1; // seconds; the logarithmic axis cannot show zero
const instants = [
  1,
  10,
  60,
  600,
  3600,
  6 * 3600,
  86400,
  7 * 86400,
  30 * 86400,
  365 * 86400,
  3650 * 86400,
];

/** The points at and right of the axis' start. */
function visible(ecdf) {
  const x = [shortest];
  const y = [100 * shareAtMost(ecdf, shortest)];
  for (let i = 0; i < ecdf.value_s.length; i++) {
    if (ecdf.value_s[i] <= shortest) continue;
    x.push(ecdf.value_s[i]);
    y.push(100 * ecdf.fraction[i]);
  }
  return [x, y];
}

/** Dashed lines at the median and the 95th percentile, each with its name. */
function drawMarkers(markers) {
  return (u) => {
    const { ctx, bbox } = u;
    const ratio = devicePixelRatio;
    ctx.save();
    ctx.font = chartFont.replace('12px', `${12 * ratio}px`);
    markers.forEach(({ value, name }, line) => {
      if (!(value > shortest)) return;
      const x = Math.round(u.valToPos(value, 'x', true));
      ctx.strokeStyle = token('ink-2');
      ctx.setLineDash([4 * ratio, 4 * ratio]);
      ctx.lineWidth = ratio;
      ctx.beginPath();
      ctx.moveTo(x, bbox.top);
      ctx.lineTo(x, bbox.top + bbox.height);
      ctx.stroke();
      const text = `${name} ${duration(value)}`;
      const fits = x + ctx.measureText(text).width + 8 * ratio < bbox.left + bbox.width;
      ctx.fillStyle = token('ink');
      ctx.textAlign = fits ? 'left' : 'right';
      ctx.fillText(
        text,
        x + (fits ? 5 : -5) * ratio,
        bbox.top + bbox.height - (8 + 18 * line) * ratio,
      );
    });
    ctx.restore();
  };
}

const waitedAtMost = (share, value) =>
  `${percent(share / 100)} of jobs waited at most ${duration(value)}`;

function makePlot(frame, ecdf, spread) {
  const longest = ecdf.value_s[ecdf.value_s.length - 1];
  const points = visible(ecdf);
  const top = Math.max(longest * 1.15, 60);
  const resting = waitedAtMost(points[1][0], shortest);
  const colour = 'ink-chart';
  mountPlot(
    frame,
    {
      height: 300,
      padding: [8, 16, 0, 0],
      scales: {
        x: { time: false, distr: 3, log: 10, range: () => [shortest, top] },
        y: { range: () => [0, 100] },
      },
      axes: [
        axis({
          size: 26,
          splits: () => instants.filter((at) => at <= top),
          filter: (u, splits) => splits,
          values: (u, splits) => thinned(u, splits).map((at) => (at === null ? '' : tickLabel(at))),
          ticks: { show: false },
        }),
        axis({
          size: 52,
          splits: () => [0, 25, 50, 75, 100],
          values: (u, ticks) => ticks.map((t) => `${t} %`),
        }),
      ],
      cursor: { drag: { x: false, y: false }, points: { size: 7 } },
      series: [
        {},
        {
          paths: uPlot.paths.stepped({ align: 1 }),
          points: { show: false },
          width: 2,
          stroke: () => token(colour),
          fill: () => faded(colour, 0.1),
        },
      ],
      hooks: {
        draw: [
          drawMarkers([
            { value: spread.p50, name: 'p50' },
            { value: spread.p95, name: 'p95' },
          ]),
        ],
        setCursor: [
          (u) => {
            const at = u.cursor.idx;
            frame.say(
              at === null || at === undefined
                ? resting
                : waitedAtMost(points[1][at], points[0][at]),
            );
          },
        ],
      },
    },
    () => points,
  );
  frame.say(resting);
}

function tickLabel(at) {
  return at === 365 * 86400 ? '1y' : at === 3650 * 86400 ? '10y' : duration(at);
}

/** Leaves out labels that would run into their neighbour on a narrow screen. */
function thinned(u, splits) {
  let last = -Infinity;
  return splits.map((at) => {
    const x = u.valToPos(at, 'x');
    if (x - last < 30) return null;
    last = x;
    return at;
  });
}

const tableShares = [0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 1];

export function showWaiting(data) {
  const body = document.getElementById('waiting-body');
  const ecdf = data.wait_ecdf;
  if (ecdf.value_s.length === 0) {
    body.append(empty('No job started, so there is no waiting time to show.'));
    return;
  }
  const spread = data.summary.wait_s;
  const frame = new ChartFrame({
    label:
      `Distribution of waiting times: median ${duration(spread.p50)}, ` +
      `95th percentile ${duration(spread.p95)}`,
    heading: 'Share of jobs that waited at most …',
  });
  const figure = document.createElement('figure');
  figure.append(frame.root);
  body.append(figure);
  makePlot(frame, ecdf, spread);
  figure.append(
    caption(
      'Empirical distribution of the waiting time of the jobs that started; the time axis is ' +
        `logarithmic and begins at 1s, and ${percent(shareAtMost(ecdf, 0))} of the jobs did not ` +
        'wait at all. A curve that rises further left is better.',
    ),
  );
  body.append(
    foldedTable('Waiting times as a table', () =>
      table({
        caption: 'Waiting time that a share of the jobs did not exceed',
        head: ['Share of jobs', 'waited at most', 'seconds'],
        rows: tableShares.map((share) => {
          const value = quantile(ecdf, share);
          return [percent(share, 0), duration(value), seconds(value)];
        }),
      }),
    ),
  );
}
