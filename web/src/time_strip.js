// A strip: one measure over simulated time, zoomed together with all the others.

import uPlot from 'uplot';
import { axis, faded, mountPlot } from './plot.js';
import { rebin } from './rebin.js';
import { token } from './theme.js';
import { ticksThatFit, timeLabel, timeTicks } from './time_axis.js';

export const plotLeft = 46; // of every plot over time, so that the strips line up

export const plotRight = 14; // beside the plot: room for half of the last label

/** The axis of simulated time. */
export function timeAxis(view, labelled) {
  // The chart's own element has no size yet when the first labels are made.
  const widthOfPlot = (u) => u.bbox.width / devicePixelRatio;
  const ticksOf = (u) => timeTicks(view.min, view.max, ticksThatFit(widthOfPlot(u), view.span));
  const labels = (u, ticks) => {
    const { step } = ticksOf(u);
    return ticks.map((at) => {
      const label = timeLabel(at, step);
      const beyond = ((view.max - at) / view.span) * widthOfPlot(u) + plotRight;
      return label.length * 3.5 < beyond ? label : '';
    });
  };
  return axis({
    scale: 'x',
    size: labelled ? 26 : 0,
    splits: (u) => ticksOf(u).ticks,
    values: labelled ? labels : (u, ticks) => ticks.map(() => ''),
    ticks: { show: false },
  });
}

/** Selecting a span with the mouse zooms all charts over time; a double click shows the whole. */
export function timeCursor(view) {
  return {
    sync: { key: 'time', scales: ['x', null] },
    drag: { x: true, y: false, setScale: false, dist: 4 },
    y: false,
    points: { size: 6 },
    bind: {
      dblclick: () => () => {
        view.reset();
        return null;
      },
    },
  };
}

export function zoomToSelection(view) {
  return (u) => {
    if (u.select.width < 4) return;
    const min = u.posToVal(u.select.left, 'x');
    const max = u.posToVal(u.select.left + u.select.width, 'x');
    u.setSelect({ left: 0, width: 0, top: 0, height: 0 }, false);
    view.set(min, max);
  };
}

const stepped = uPlot.paths.stepped({ align: 1 });

/**
 * One strip: the mean as an area, with a band from the lowest to the highest value.
 * @param {object} spec values, width (of a bucket), colour (token), range, ticks, height, describe
 */
export function mountStrip(view, spec) {
  const { frame } = spec;
  let bins;
  const u = mountPlot(
    frame,
    {
      height: spec.height,
      padding: [6, plotRight, spec.labelled ? 0 : 4, 0],
      scales: {
        x: { time: false, range: () => [view.min, view.max] },
        y: { range: () => [0, spec.top] },
      },
      axes: [
        timeAxis(view, spec.labelled),
        axis({
          scale: 'y',
          size: plotLeft,
          splits: spec.splits,
          values: (self, ticks) => ticks.map(spec.tick),
        }),
      ],
      cursor: timeCursor(view),
      series: [
        {},
        { paths: stepped, points: { show: false }, width: 0, stroke: () => faded(spec.colour, 0) },
        { paths: stepped, points: { show: false }, width: 0, stroke: () => faded(spec.colour, 0) },
        {
          paths: stepped,
          points: { show: false },
          width: 1.5,
          stroke: () => token(spec.colour),
          fill: () => faded(spec.colour, 0.16),
        },
      ],
      bands: [{ series: [1, 2], fill: () => faded(spec.colour, 0.22) }],
      hooks: {
        setSelect: [zoomToSelection(view)],
        setCursor: [(self) => frame.say(spec.describe(bins, self.cursor.idx))],
      },
      onKey: (event) => view.handleKey(event),
    },
    (self) => {
      const wanted = Math.max(60, (self.bbox.width || 600) / devicePixelRatio / 3);
      bins = rebin(spec.values, spec.width, view.min, view.max, wanted);
      return [bins.x, bins.high, bins.low, bins.mean];
    },
  );
  view.subscribe(() => {
    u.refresh();
    u.setScale('x', { min: view.min, max: view.max });
  });
  frame.say(spec.describe(bins, null));
  return u;
}
