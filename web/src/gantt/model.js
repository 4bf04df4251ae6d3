// The bars of the Gantt chart, arranged so that a part of them is found quickly.

import { packLane } from './pack.js';

const blockSize = 64;

/** The pieces of one lane in order of start, in blocks that know their latest end. */
export class LanePieces {
  constructor(gantt, bars, cores) {
    const packed = packLane(bars, gantt, cores);
    const count = packed.bar.length;
    this.cores = packed.cores;
    this.bar = Uint32Array.from(packed.bar);
    this.low = Float64Array.from(packed.begin);
    this.high = Float64Array.from(packed.end);
    this.start = new Float64Array(count);
    this.end = new Float64Array(count);
    this.latest = new Float64Array(Math.ceil(count / blockSize)).fill(-Infinity);
    for (let i = 0; i < count; i++) {
      const bar = this.bar[i];
      this.start[i] = gantt.start_s[bar];
      this.end[i] = gantt.start_s[bar] + gantt.duration_s[bar];
      const block = Math.floor(i / blockSize);
      this.latest[block] = Math.max(this.latest[block], this.end[i]);
    }
  }

  /** Calls back with each piece that touches [min, max]. */
  forEach(min, max, visit) {
    for (let block = 0; block < this.latest.length; block++) {
      const first = block * blockSize;
      if (this.start[first] > max) return;
      if (this.latest[block] < min) continue;
      const last = Math.min(first + blockSize, this.bar.length);
      for (let i = first; i < last; i++) {
        if (this.end[i] >= min && this.start[i] <= max) visit(i);
      }
    }
  }

  /** The bar nearest to an instant and a core, within `slack` seconds; -1 where there is none. */
  find(at, core, slack) {
    let found = -1;
    let nearest = Infinity;
    this.forEach(at - slack, at + slack, (i) => {
      if (core < this.low[i] || core >= this.high[i]) return;
      const distance = Math.max(this.start[i] - at, at - this.end[i], 0);
      if (distance < nearest) {
        nearest = distance;
        found = this.bar[i];
      }
    });
    return found;
  }
}

export const mostLanes = 200;

export class GanttModel {
  constructor(gantt) {
    this.gantt = gantt;
    const byLane = gantt.lanes.map(() => []);
    for (let i = 0; i < gantt.lane.length; i++) byLane[gantt.lane[i]].push(i);
    // Where there are more lanes than a page can hold, the largest stand for all.
    const chosen = gantt.lanes
      .map((_, i) => i)
      .sort((a, b) => gantt.lanes[b].cores - gantt.lanes[a].cores || a - b)
      .slice(0, mostLanes)
      .sort((a, b) => a - b);
    this.lanes = chosen.map((index) => {
      const bars = byLane[index].sort((a, b) => gantt.start_s[a] - gantt.start_s[b] || a - b);
      const pieces = new LanePieces(gantt, bars, gantt.lanes[index].cores);
      return { ...gantt.lanes[index], index, bars, pieces };
    });
    this.placeOf = new Map(chosen.map((index, place) => [index, place]));
    this.barsOfJob = new Map();
    for (let i = 0; i < gantt.job.length; i++) {
      const bars = this.barsOfJob.get(gantt.job[i]);
      if (bars) bars.push(i);
      else this.barsOfJob.set(gantt.job[i], [i]);
    }
    this.jobsByStart = [...this.barsOfJob.keys()].sort(
      (a, b) => this.startOf(a) - this.startOf(b) || a - b,
    );
  }

  startOf(job) {
    return this.gantt.start_s[this.barsOfJob.get(job)[0]];
  }

  /** Core seconds of the lane's bars. */
  areaOf(lane) {
    const { duration_s: length, cores } = this.gantt;
    return lane.bars.reduce((sum, bar) => sum + length[bar] * cores[bar], 0);
  }

  /** The job whose start follows (step 1) or precedes (step -1) that of `job` within [min, max]. */
  neighbour(job, step, min, max) {
    const order = this.jobsByStart;
    let at = order.indexOf(job);
    if (at < 0) {
      const beyond = (other) => (step > 0 ? this.startOf(other) >= min : this.startOf(other) > max);
      const first = order.findIndex(beyond);
      at = (first < 0 ? order.length : first) - (step > 0 ? 1 : 0);
    }
    const next = order[at + step];
    if (next === undefined) return job;
    const start = this.startOf(next);
    return start < min || start > max ? job : next;
  }
}
