import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseReport } from '../src/data.js';
import { GanttModel } from '../src/gantt/model.js';
import { FreeCores, packLane } from '../src/gantt/pack.js';
import { Raster, makePalette, shadeOf } from '../src/gantt/raster.js';
import { rebin } from '../src/rebin.js';
import { TimeView } from '../src/time_view.js';
import { sampleDocument } from './sample.js';

globalThis.requestAnimationFrame ??= (callback) => setImmediate(callback);

/** Numbers that look random and are the same in each run. */
function generator(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Bars that never need more than `cores` at once, in order of start. */
function randomBars(count, cores, seed) {
  const random = generator(seed);
  const gantt = { start_s: [], duration_s: [], cores: [] };
  let running = [];
  let now = 0;
  while (gantt.start_s.length < count) {
    now += Math.floor(random() * 20);
    running = running.filter((job) => job.end > now);
    const free = cores - running.reduce((sum, job) => sum + job.cores, 0);
    const wanted = 1 + Math.floor(random() * cores * 0.4);
    if (wanted > free) continue;
    const length = 1 + Math.floor(random() * 200);
    gantt.start_s.push(now);
    gantt.duration_s.push(length);
    gantt.cores.push(wanted);
    running.push({ end: now + length, cores: wanted });
  }
  return gantt;
}

test('packed bars hold their cores, never overlap and never leave the lane', () => {
  for (let seed = 1; seed <= 20; seed++) {
    const gantt = randomBars(300, 32, seed);
    const pieces = packLane(
      gantt.start_s.map((_, i) => i),
      gantt,
      32,
    );
    assert.equal(pieces.cores, 32);
    const held = new Array(300).fill(0);
    const cells = new Map();
    pieces.bar.forEach((bar, i) => {
      held[bar] += pieces.end[i] - pieces.begin[i];
      for (let core = pieces.begin[i]; core < pieces.end[i]; core++) {
        const start = gantt.start_s[bar];
        const before = cells.get(core) ?? -Infinity;
        assert.ok(start >= before, `core ${core} at ${start}`);
        cells.set(core, start + gantt.duration_s[bar]);
      }
    });
    assert.deepEqual(held, gantt.cores);
  }
});

test('free cores come back whole', () => {
  const free = new FreeCores(10);
  const [a] = free.take(3);
  const [b] = free.take(3);
  const [c] = free.take(4);
  free.give(...a);
  free.give(...c);
  assert.deepEqual(free.take(7), [
    [0, 3],
    [6, 10],
  ]);
  free.give(0, 3);
  free.give(6, 10);
  free.give(...b);
  assert.deepEqual(free.ranges, [[0, 10]]);
});

test('a lane grows where its bars need more cores than it has', () => {
  const gantt = { start_s: [0, 0], duration_s: [10, 10], cores: [3, 3] };
  assert.equal(packLane([0, 1], gantt, 4).cores, 6);
});

test('the model finds exactly the bars in a span', () => {
  const gantt = randomBars(1000, 16, 5);
  const count = gantt.start_s.length;
  const model = new GanttModel({
    ...gantt,
    lane: new Array(count).fill(0),
    job: gantt.start_s.map((_, i) => i),
    lanes: [{ cores: 16 }],
    duration_s: gantt.duration_s,
  });
  for (const [min, max] of [
    [0, 50],
    [3000, 3001],
    [5000, 6000],
    [-5, -1],
  ]) {
    const found = new Set();
    model.lanes[0].pieces.forEach(min, max, (i) => found.add(model.lanes[0].pieces.bar[i]));
    const expected = gantt.start_s
      .map((_, i) => i)
      .filter((i) => gantt.start_s[i] <= max && gantt.start_s[i] + gantt.duration_s[i] >= min);
    assert.deepEqual(
      [...found].sort((a, b) => a - b),
      expected,
    );
  }
});

test('stepping through jobs follows their starts and stays in view', () => {
  const model = new GanttModel(parseReport(JSON.stringify(sampleDocument())).gantt);
  assert.equal(model.neighbour(null, 1, 100, 1000), 3);
  assert.equal(model.neighbour(3, 1, 100, 1000), 4);
  assert.equal(model.neighbour(3, -1, 100, 1000), 3);
  assert.equal(model.neighbour(null, -1, 100, 1000), 21);
  assert.equal(model.neighbour(null, 1, 1e9, 2e9), null);
});

test('painted area is the covered area', () => {
  const raster = new Raster();
  raster.resize(10, 4);
  raster.add(1.25, 3.5, 0.5, 2.25, 1);
  raster.add(-5, 0.5, -1, 9, 2);
  const sum = raster.cover.reduce((total, value) => total + value, 0);
  assert.ok(Math.abs(sum - (2.25 * 1.75 + 0.5 * 4)) < 1e-5);
});

test('an empty pixel has the paper’s colour and a full one the tier’s', () => {
  const palette = makePalette('#0072b2', '#ffffff');
  const raster = new Raster();
  raster.resize(2, 1);
  raster.add(1, 2, 0, 1, 3);
  const pixels = new Uint32Array(2);
  raster.write(pixels, palette);
  assert.equal(pixels[0], 0xffffffff);
  assert.equal(pixels[1], 0xffb27200);
});

test('shades differ even where every eighth job is drawn', () => {
  const seen = new Set(Array.from({ length: 16 }, (_, i) => shadeOf(8 * i)));
  assert.deepEqual([...seen].sort(), [0, 1, 2, 3]);
});

test('rebinning keeps means and extremes, and its groups while the view moves', () => {
  const values = Array.from({ length: 100 }, (_, i) => i);
  const all = rebin(values, 10, 0, 1000, 10);
  assert.equal(all.group, 10);
  assert.equal(all.x.length, 11);
  assert.deepEqual([all.mean[0], all.low[0], all.high[0], all.x[10]], [4.5, 0, 9, 1000]);
  const moved = rebin(values, 10, 30, 990, 10);
  assert.equal(moved.x[0], 0);
  assert.equal(moved.mean[0], 4.5);
  assert.equal(rebin(values, 10, 500, 520, 100).group, 1);
  assert.deepEqual(rebin([], 10, 0, 1, 10).x, []);
});

test('the view stays within the run', () => {
  const view = new TimeView(1000);
  view.set(-100, 100);
  assert.deepEqual([view.min, view.max], [0, 200]);
  view.pan(10);
  assert.deepEqual([view.min, view.max], [800, 1000]);
  view.zoom(0.5, 900);
  assert.deepEqual([view.min, view.max], [850, 950]);
  view.zoom(100);
  assert.deepEqual([view.min, view.max, view.zoomed], [0, 1000, false]);
  view.set(500, 500);
  assert.ok(view.span > 0);
});
