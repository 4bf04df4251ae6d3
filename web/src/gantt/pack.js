// Gives each bar of a lane the cores that it is drawn on.
//
// The lane is as high as its cores. A bar takes the first free range that holds all its cores, and
// where there is none it is split over the lowest free ranges. So the painted area is exactly the
// core time used, whatever cores the jobs had in truth.

/** The free cores of a lane, as sorted disjoint ranges [begin, end). */
export class FreeCores {
  constructor(cores) {
    this.ranges = [[0, cores]];
    this.top = cores;
  }

  /** Takes `wanted` cores; returns the ranges taken. Grows the lane where too few are free. */
  take(wanted) {
    const whole = this.ranges.findIndex(([begin, end]) => end - begin >= wanted);
    if (whole >= 0) return [this.cut(whole, wanted)];
    const taken = [];
    let left = wanted;
    while (left > 0 && this.ranges.length > 0) {
      const [begin, end] = this.ranges[0];
      const part = this.cut(0, Math.min(left, end - begin));
      taken.push(part);
      left -= part[1] - part[0];
    }
    if (left > 0) {
      taken.push([this.top, this.top + left]);
      this.top += left;
    }
    return taken;
  }

  cut(index, cores) {
    const range = this.ranges[index];
    const part = [range[0], range[0] + cores];
    range[0] += cores;
    if (range[0] === range[1]) this.ranges.splice(index, 1);
    return part;
  }

  give(begin, end) {
    let at = this.ranges.findIndex((range) => range[0] >= end);
    if (at < 0) at = this.ranges.length;
    this.ranges.splice(at, 0, [begin, end]);
    this.mergeWithNext(at);
    if (at > 0) this.mergeWithNext(at - 1);
  }

  mergeWithNext(at) {
    const next = this.ranges[at + 1];
    if (!next || this.ranges[at][1] !== next[0]) return;
    this.ranges[at][1] = next[1];
    this.ranges.splice(at + 1, 1);
  }
}

/** A binary heap of [end, pieces] by end. */
class Endings {
  constructor() {
    this.items = [];
  }

  get first() {
    return this.items[0];
  }

  push(item) {
    const { items } = this;
    let at = items.length;
    items.push(item);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (items[parent][0] <= items[at][0]) break;
      [items[parent], items[at]] = [items[at], items[parent]];
      at = parent;
    }
  }

  pop() {
    const { items } = this;
    const first = items[0];
    const last = items.pop();
    if (items.length > 0) {
      items[0] = last;
      this.sink();
    }
    return first;
  }

  sink() {
    const { items } = this;
    let at = 0;
    for (;;) {
      let least = at;
      for (const child of [2 * at + 1, 2 * at + 2]) {
        if (child < items.length && items[child][0] < items[least][0]) least = child;
      }
      if (least === at) return;
      [items[least], items[at]] = [items[at], items[least]];
      at = least;
    }
  }
}

/**
 * @param {number[]} bars indices into the columns, sorted by start
 * @returns {{bar: number[], begin: number[], end: number[], cores: number}} the pieces, ordered by
 *   start, and the height that holds them all
 */
export function packLane(bars, gantt, laneCores) {
  const free = new FreeCores(Math.max(laneCores, 1));
  const endings = new Endings();
  const pieces = { bar: [], begin: [], end: [], cores: 0 };
  for (const bar of bars) {
    const start = gantt.start_s[bar];
    const length = gantt.duration_s[bar];
    while (endings.first && endings.first[0] <= start) {
      for (const [begin, end] of endings.pop()[1]) free.give(begin, end);
    }
    const taken = free.take(gantt.cores[bar]);
    for (const [begin, end] of taken) {
      pieces.bar.push(bar);
      pieces.begin.push(begin);
      pieces.end.push(end);
    }
    // Durations carry seven digits: an ending may seem to lie just behind the start that used it.
    endings.push([start + length * (1 - 1e-6), taken]);
  }
  pieces.cores = free.top;
  return pieces;
}
