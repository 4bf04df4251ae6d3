// Lines over simulated time, zoomed together with all other charts over time.

import { axis, faded, mountPlot } from '../plot.js';
import { token } from '../theme.js';
import { plotLeft, plotRight, timeAxis, timeCursor, zoomToSelection } from '../time_strip.js';
import uPlot from 'uplot';

const dash = [6, 4];

function series(line) {
  return {
    paths: line.steps ? uPlot.paths.stepped({ align: 1 }) : undefined,
    points: { show: false },
    width: 1.75,
    dash: line.dashed ? dash : undefined,
    stroke: () => token(line.colour),
    fill: line.filled ? () => faded(line.colour, 0.2) : undefined,
  };
}

/**
 * @param {object} spec frame, times, lines (values, colour, steps, dashed, filled), range, splits,
 *   tick, height, labelled, describe(index or null)
 */
export function mountLines(view, spec) {
  const { frame } = spec;
  // The last step lasts until the end of the run.
  const times = [...spec.times, Math.max(view.end, spec.times[spec.times.length - 1])];
  const data = [times, ...spec.lines.map(({ values }) => [...values, values[values.length - 1]])];
  const last = spec.times.length - 1;
  const say = (index) =>
    frame.say(spec.describe(index === null || index === undefined ? null : Math.min(index, last)));
  const u = mountPlot(
    frame,
    {
      height: spec.height,
      padding: [6, plotRight, spec.labelled ? 0 : 4, 0],
      scales: {
        x: { time: false, range: () => [view.min, view.max] },
        y: { range: () => spec.range },
      },
      axes: [
        timeAxis(view, spec.labelled),
        axis({
          scale: 'y',
          size: plotLeft,
          splits: () => spec.splits,
          values: (self, ticks) => ticks.map(spec.tick),
        }),
      ],
      cursor: timeCursor(view),
      series: [{}, ...spec.lines.map(series)],
      hooks: {
        setSelect: [zoomToSelection(view)],
        setCursor: [(self) => say(self.cursor.idx)],
      },
      onKey: (event) => view.handleKey(event),
    },
    () => data,
  );
  view.subscribe(() => u.setScale('x', { min: view.min, max: view.max }));
  say(null);
  return u;
}
