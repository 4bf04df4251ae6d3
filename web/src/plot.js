// What all uPlot charts of the page share: looks, resizing, colours, keyboard.

import uPlot from 'uplot';
import { h } from './dom.js';
import { isPrinting, onThemeChange, token } from './theme.js';

export const paperWidth = 680; // CSS pixels of the printable width of A4 and Letter

/** The width that a chart in `host` may use now. */
export function widthOf(host) {
  return isPrinting() ? paperWidth : Math.max(host.clientWidth, 200);
}

const font = '12px system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif';
export const chartFont = font;

/** A colour token with an opacity from 0 to 1. */
export function faded(name, opacity) {
  const hex = token(name);
  const alpha = Math.round(opacity * 255)
    .toString(16)
    .padStart(2, '0');
  return hex + alpha;
}

/** An axis in the page's looks; `options` add ticks and labels. */
export function axis(options) {
  const grid = { stroke: () => token('grid'), width: 1 };
  return {
    font,
    stroke: () => token('ink-2'),
    grid,
    ticks: { ...grid, size: 4 },
    gap: 4,
    ...options,
  };
}

/** A chart's frame: a figure with a line that says what the cursor points at. */
export class ChartFrame {
  /** @param {{label: string, heading: Node|string}} spec `label` describes the chart in words */
  constructor({ label, heading }) {
    this.heading = h('span', { class: 'chart-heading' }, heading);
    this.readout = h('output', { class: 'readout', 'aria-live': 'off' });
    this.host = h('div', {
      class: 'plot',
      tabindex: '0',
      role: 'group',
      'aria-roledescription': 'chart',
      'aria-label': label,
    });
    this.root = h(
      'div',
      { class: 'chart' },
      h('div', { class: 'chart-line' }, this.heading, this.readout),
      this.host,
    );
  }

  say(text) {
    if (this.readout.textContent !== text) this.readout.textContent = text;
  }
}

/**
 * Puts a chart into a frame and keeps it right when the width or the colours change.
 * @param {ChartFrame} frame
 * @param {object} options uPlot's, without width
 * @param {(u: uPlot) => any[]} makeData data for the present width
 */
export function mountPlot(frame, options, makeData) {
  const { host } = frame;
  const u = new uPlot({ legend: { show: false }, ...options, width: widthOf(host) }, [[]], host);
  const refresh = () => {
    if (u.width !== widthOf(host)) u.setSize({ width: widthOf(host), height: options.height });
    u.setData(makeData(u), false);
  };
  u.refresh = refresh;
  refresh();
  new ResizeObserver(() => {
    if (!isPrinting() && u.width !== widthOf(host)) requestAnimationFrame(refresh);
  }).observe(host);
  onThemeChange(() => {
    refresh();
    u.redraw(true, true);
  });
  followKeys(frame, u, options.onKey);
  return u;
}

/** Arrow keys move the cursor from point to point and have the readout spoken. */
function followKeys(frame, u, onKey) {
  const { host, readout } = frame;
  host.addEventListener('pointerdown', () => host.focus({ preventScroll: true }));
  host.addEventListener('blur', () => readout.setAttribute('aria-live', 'off'));
  host.addEventListener('keydown', (event) => {
    if (onKey && onKey(event)) return;
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (event.key === 'Escape') u.setCursor({ left: -10, top: -10 });
    if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    readout.setAttribute('aria-live', 'polite');
    const width = u.over.clientWidth;
    const left = u.cursor.left >= 0 ? u.cursor.left : width / 2;
    const stride = event.shiftKey ? width / 10 : Math.max(width / 200, 3);
    u.setCursor({
      left: Math.min(Math.max(left + step * stride, 0), width - 1),
      top: u.over.clientHeight / 2,
    });
  });
}
