// The Gantt chart: one canvas for the bars, one over it for what the pointer is doing.

import { h } from '../dom.js';
import { count, duration, instant } from '../format.js';
import { widthOf } from '../plot.js';
import { isPrinting, onThemeChange } from '../theme.js';
import { fateNames } from './fates.js';
import { drawAxis, drawBand, drawHeader, drawOutline, drawSelection, readColours } from './draw.js';
import { TimeScale, layoutLanes } from './layout.js';
import { followPointer } from './pointer.js';
import { Raster } from './raster.js';

const stateNames = [
  'completed',
  'stopped at its time limit',
  'cancelled',
  'rejected',
  'unfinished',
  'without a result',
];

export class GanttChart {
  constructor(model, tiers, view, label) {
    this.model = model;
    this.tiers = tiers;
    this.view = view;
    this.job = null;
    this.selection = null;
    this.raster = new Raster();
    this.pixels = document.createElement('canvas');
    this.layout = layoutLanes(model.lanes);
    this.bars = h('canvas', { 'aria-hidden': 'true' });
    this.over = h('canvas', { class: 'over', 'aria-hidden': 'true' });
    this.tip = h('div', { class: 'tip', hidden: true });
    this.element = h(
      'div',
      {
        class: 'gantt',
        tabindex: '0',
        role: 'group',
        'aria-roledescription': 'chart',
        'aria-label': label,
        onkeydown: (event) => this.handleKey(event),
      },
      this.bars,
      this.over,
      this.tip,
    );
    this.readout = h('output', { class: 'readout', 'aria-live': 'polite' });
    followPointer({
      element: this.element,
      view,
      scale: () => this.scene.scale,
      hover: (x, y) => this.hover(x, y),
      leave: () => this.choose(null),
      select: (from, to) => this.select(from, to),
    });
  }

  /** To be called once the element is in the page. */
  start() {
    this.colours = readColours(this.tiers);
    this.draw();
    this.view.subscribe(() => this.draw());
    onThemeChange(() => {
      this.colours = readColours(this.tiers);
      this.draw();
    });
    new ResizeObserver(() => {
      if (!isPrinting() && this.width !== widthOf(this.element))
        requestAnimationFrame(() => this.draw());
    }).observe(this.element);
    addEventListener('scroll', () => this.drawNewlyVisible(), { passive: true });
  }

  /** Sizes the canvases and draws what is on the screen. */
  draw() {
    this.width = widthOf(this.element);
    const ratio = Math.min(devicePixelRatio || 1, 16000 / this.layout.height);
    for (const canvas of [this.bars, this.over]) {
      const size = [Math.round(this.width * ratio), Math.round(this.layout.height * ratio)];
      if (canvas.width !== size[0] || canvas.height !== size[1])
        [canvas.width, canvas.height] = size;
      canvas.style.width = `${this.width}px`;
      canvas.style.height = `${this.layout.height}px`;
    }
    this.scene = {
      model: this.model,
      tiers: this.tiers,
      layout: this.layout,
      view: { min: this.view.min, max: this.view.max, span: this.view.span },
      scale: new TimeScale(this.view, this.width),
      colours: this.colours,
      raster: this.raster,
      pixels: this.pixels,
      ratio,
    };
    this.drawn = new Set();
    const ctx = this.bars.getContext('2d', { alpha: true });
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    ctx.clearRect(0, 0, this.width, this.layout.height);
    drawAxis(ctx, this.scene);
    this.drawNewlyVisible();
    this.drawOver();
  }

  /** Lanes outside the window cost nothing until they are scrolled into it. */
  drawNewlyVisible() {
    const ctx = this.bars.getContext('2d');
    const top = this.element.getBoundingClientRect().top;
    this.layout.bands.forEach((band, place) => {
      const above = top + band.top + band.height < -200;
      const below = top + band.header > innerHeight + 200;
      if (this.drawn.has(place) || ((above || below) && !isPrinting())) return;
      this.drawn.add(place);
      drawBand(ctx, this.scene, place);
      drawHeader(ctx, this.scene, place);
    });
  }

  drawOver() {
    const ctx = this.over.getContext('2d');
    ctx.setTransform(this.scene.ratio, 0, 0, this.scene.ratio, 0, 0);
    ctx.clearRect(0, 0, this.width, this.layout.height);
    if (this.job !== null) drawOutline(ctx, this.scene, this.job);
    if (this.selection) drawSelection(ctx, this.scene, ...this.selection);
  }

  hover(x, y) {
    const place = this.layout.bands.findIndex(
      (band) => y >= band.top && y < band.top + band.height,
    );
    if (place < 0) {
      this.choose(null);
      return;
    }
    const { pieces } = this.model.lanes[place];
    const core =
      ((y - this.layout.bands[place].top) / this.layout.bands[place].height) * pieces.cores;
    const { scale } = this.scene;
    const bar = pieces.find(scale.at(x), core, 2 / scale.perSecond);
    this.choose(bar < 0 ? null : this.model.gantt.job[bar], { x, y }, bar);
  }

  /** Shows a job's outline and details, or none. `spot`: where the pointer is. */
  choose(job, spot = null, bar = -1) {
    const shown = job === null ? [] : this.details(job, bar);
    this.tip.hidden = job === null || !spot;
    if (spot && job !== null) this.placeTip(spot, shown);
    if (this.job !== job) {
      this.job = job;
      this.drawOver();
    }
    return shown;
  }

  details(job, bar = -1) {
    const { gantt } = this.model;
    const all = this.model.barsOfJob.get(job);
    const first = bar < 0 ? all[0] : bar;
    const { replica, fate } = gantt;
    const bars = replica ? all.filter((one) => replica[one] === replica[first]) : all;
    const copies = replica && new Set(all.map((one) => replica[one])).size;
    const cores = bars.reduce((sum, one) => sum + gantt.cores[one], 0);
    const lanes = [...new Set(bars.map((one) => gantt.lanes[gantt.lane[one]].name))];
    const start = gantt.start_s[first];
    return [
      replica
        ? [`Job ${job}, copy ${replica[first]}`, fateNames[fate[first]]]
        : [`Job ${job}`, stateNames[gantt.state[first]]],
      ...(replica ? [['copies', count(copies)]] : []),
      ['cores', count(cores)],
      [
        'on',
        lanes.length > 3
          ? `${lanes.slice(0, 3).join(', ')} and ${lanes.length - 3} more`
          : lanes.join(', '),
      ],
      [
        'tier',
        [...new Set(bars.map((one) => this.tiers[gantt.lanes[gantt.lane[one]].tier].name))].join(
          ', ',
        ),
      ],
      ['waited', duration(gantt.wait_s[first])],
      ['ran', duration(gantt.duration_s[first])],
      ['from', instant(start)],
      ['to', instant(start + gantt.duration_s[first])],
    ];
  }

  placeTip({ x, y }, rows) {
    this.tip.replaceChildren(
      ...rows.map(([name, value], i) =>
        h(
          'div',
          { class: i === 0 ? 'tip-title' : undefined },
          h('span', {}, name),
          h('b', {}, value),
        ),
      ),
    );
    const { offsetWidth, offsetHeight } = this.tip;
    const toLeft = x + 16 + offsetWidth > this.width;
    this.tip.style.left = `${Math.max(0, toLeft ? x - offsetWidth - 12 : x + 14)}px`;
    this.tip.style.top = `${Math.max(0, Math.min(y + 14, this.layout.height - offsetHeight))}px`;
  }

  select(from, to) {
    this.selection = from === null ? null : [from, to];
    if (this.selection) this.choose(null);
    this.drawOver();
  }

  /** Chooses a job by number and brings it into view. Returns whether the chart has it. */
  goTo(job) {
    const bars = this.model.barsOfJob.get(job);
    if (!bars) return false;
    const start = this.model.gantt.start_s[bars[0]];
    const length = Math.max(this.model.gantt.duration_s[bars[0]], this.view.end * 1e-4);
    this.view.set(start - 2 * length, start + 3 * length);
    this.speak(job);
    return true;
  }

  speak(job) {
    const rows = this.choose(job);
    this.readout.textContent = rows.map(([name, value]) => `${name} ${value}`).join(' · ');
  }

  handleKey(event) {
    if (this.view.handleKey(event)) return;
    const { view } = this;
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (event.key === 'Escape') {
      this.choose(null);
      this.readout.textContent = '';
    }
    if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    if (event.shiftKey) view.pan(step * 0.1);
    else this.speak(this.model.neighbour(this.job, step, view.min, view.max));
  }
}
