// Where the lanes of the Gantt chart lie, in CSS pixels.

export const headerHeight = 22;
export const laneGap = 10;
export const axisHeight = 26;
const marginRight = 10;

/** Heights follow the square root of the cores, so that small lanes stay visible. */
export function layoutLanes(lanes) {
  const many = lanes.length > 10;
  const tallest = many ? 40 : Math.max(60, Math.min(190, 620 / Math.max(lanes.length, 1)));
  const largest = Math.max(1, ...lanes.map((lane) => lane.cores));
  let y = 0;
  const bands = lanes.map((lane) => {
    const height = Math.round(Math.max(20, tallest * Math.sqrt(lane.cores / largest)));
    const band = { header: y, top: y + headerHeight, height };
    y += headerHeight + height + laneGap;
    return band;
  });
  return { bands, axisTop: y, height: y + axisHeight };
}

/** The mapping between time and x. */
export class TimeScale {
  constructor(view, width) {
    this.min = view.min;
    this.width = Math.max(width - marginRight, 1);
    this.perSecond = this.width / view.span;
  }

  x(at) {
    return (at - this.min) * this.perSecond;
  }

  at(x) {
    return this.min + x / this.perSecond;
  }
}
