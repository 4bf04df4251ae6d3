// Utilisation of each tier, and jobs waiting and running, over simulated time.

import { caption, empty, foldedTable, h, table } from './dom.js';
import { count, counted, duration, instant, percent, real } from './format.js';
import { ChartFrame } from './plot.js';
import { highestOf, meanOf } from './rebin.js';
import { tierBadge, tierToken } from './theme.js';
import { mountStrip } from './time_strip.js';

function span(bins, i) {
  return `from ${instant(bins.x[i])}`;
}

function zoomLine(view) {
  const button = h(
    'button',
    { type: 'button', class: 'quiet', onclick: () => view.reset() },
    'Show the whole run',
  );
  button.hidden = true;
  view.subscribe(() => {
    button.hidden = !view.zoomed;
  });
  return button;
}

export const timeHelp =
  'Drag across a chart to zoom in, double-click to see the whole run; with the ' +
  'keyboard, + and − zoom, the arrow keys read values. All charts over time move together.';

const rowsOfTables = 24;

/** Table rows for equal shares of the run. */
function overTime(load, cells) {
  const buckets = load.queue.length;
  const rows = Math.min(rowsOfTables, buckets);
  return Array.from({ length: rows }, (_, i) => {
    const begin = Math.floor((i * buckets) / rows);
    const end = Math.floor(((i + 1) * buckets) / rows);
    const label = `${duration(begin * load.bucket_s)} – ${duration(end * load.bucket_s)}`;
    return [label, ...cells(begin, end)];
  });
}

export function showUtilisation(data, view) {
  const body = document.getElementById('utilisation-body');
  const { load } = data;
  if (load.queue.length === 0 || load.tiers.length === 0) {
    body.append(empty('The run has no load to show.'));
    return;
  }
  const figure = h('figure', { class: 'strips' });
  body.append(figure);
  load.tiers.forEach((tier, i) => utilisationStrip(figure, load, i, view));
  figure.append(
    zoomLine(view),
    caption(
      'Share of each tier’s cores that allocations held. Line: mean; band: lowest to highest ' +
        'within the span that a point stands for. ',
      h('span', { class: 'screen-only' }, timeHelp),
    ),
  );
  const share = (tier, begin, end) => meanOf(tier.busy.subarray(begin, end)) / tier.cores;
  body.append(
    foldedTable('Utilisation as a table', () =>
      table({
        caption: 'Mean share of cores held',
        head: ['Simulated time', ...load.tiers.map((tier) => tier.name)],
        rows: overTime(load, (begin, end) =>
          load.tiers.map((tier) => percent(share(tier, begin, end))),
        ),
      }),
    ),
  );
}

function utilisationStrip(figure, load, i, view) {
  const tier = load.tiers[i];
  const shares = Float32Array.from(tier.busy, (busy) =>
    tier.cores > 0 ? (100 * busy) / tier.cores : 0,
  );
  const mean = meanOf(shares) / 100;
  const frame = new ChartFrame({
    label:
      `Utilisation of tier ${tier.name} over time: mean ${percent(mean)}, ` +
      `highest ${percent(highestOf(shares) / 100)}`,
    heading: h('span', {}, tierBadge(i), h('b', {}, tier.name), ` ${counted(tier.cores, 'core')}`),
  });
  figure.append(frame.root);
  const last = i + 1 === load.tiers.length;
  mountStrip(view, {
    frame,
    values: shares,
    width: load.bucket_s,
    colour: tierToken(i),
    height: load.tiers.length > 4 ? 84 : 112 + (last ? 22 : 0),
    labelled: last,
    top: Math.max(100, highestOf(shares)),
    splits: () => [0, 50, 100],
    tick: (value) => `${value} %`,
    describe: (bins, at) =>
      at === null || at === undefined
        ? `whole run: mean ${percent(mean)}`
        : `${span(bins, at)}: mean ${percent(bins.mean[at] / 100)}`,
  });
}

/** Three round ticks from 0 that reach at least `high`. */
function roundTicks(high) {
  const least = Math.max(high, 1) / 2;
  const power = 10 ** Math.floor(Math.log10(least));
  const step = Math.max(
    1,
    [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10]
      .map((m) => m * power)
      .find((s) => s >= least && (s === Math.round(s) || s < 1)) ?? 10 * power,
  );
  return [0, step, 2 * step];
}

const short = (value) =>
  value >= 10000 ? `${Number((value / 1000).toPrecision(3))}k` : count(value);

function jobsStrip(figure, view, { values, width, title, colour, height, labelled }) {
  const high = highestOf(values);
  const mean = meanOf(values);
  const ticks = roundTicks(high);
  const frame = new ChartFrame({
    label: `${title} over time: mean ${real(mean)}, highest ${real(high)}`,
    heading: h('span', {}, h('b', {}, title)),
  });
  figure.append(frame.root);
  mountStrip(view, {
    frame,
    values,
    width,
    colour,
    height,
    labelled,
    top: ticks[2],
    splits: () => ticks,
    tick: short,
    describe: (bins, at) =>
      at === null || at === undefined
        ? `whole run: mean ${real(mean)}, highest ${real(high)}`
        : `${span(bins, at)}: mean ${real(bins.mean[at])}, ` +
          `${real(bins.low[at])} to ${real(bins.high[at])}`,
  });
}

export function showQueue(data, view) {
  const body = document.getElementById('queue-body');
  const { load } = data;
  if (load.queue.length === 0) {
    body.append(empty('The run has no load to show.'));
    return;
  }
  const figure = h('figure', { class: 'strips' });
  body.append(figure);
  const width = load.bucket_s;
  jobsStrip(figure, view, {
    values: load.queue,
    width,
    title: 'Waiting jobs',
    colour: 'ink-chart',
    height: 150,
    labelled: false,
  });
  jobsStrip(figure, view, {
    values: load.running,
    width,
    title: 'Running jobs',
    colour: 'ink-chart-2',
    height: 112,
    labelled: true,
  });
  figure.append(
    zoomLine(view),
    caption(
      `Jobs that waited in the queue, and jobs that ran. Line: mean over at least ` +
        `${duration(width)}; ` +
        'band: lowest to highest of these means within the span that a point stands for.',
    ),
  );
  body.append(
    foldedTable('Waiting and running jobs as a table', () =>
      table({
        caption: 'Mean and highest number of jobs',
        head: ['Simulated time', 'waiting, mean', 'waiting, max', 'running, mean', 'running, max'],
        rows: overTime(load, (begin, end) =>
          [load.queue, load.running].flatMap((values) => {
            const part = values.subarray(begin, end);
            return [real(meanOf(part)), real(highestOf(part))];
          }),
        ),
      }),
    ),
  );
}
