// The span of simulated time that the charts show. They share one, so that they move together.

export class TimeView {
  /** @param {number} end seconds; the whole run is [0, end] */
  constructor(end) {
    this.end = Math.max(end, 1e-6);
    this.min = 0;
    this.max = this.end;
    this.listeners = new Set();
    this.scheduled = false;
  }

  subscribe(listener) {
    this.listeners.add(listener);
  }

  get span() {
    return this.max - this.min;
  }

  get zoomed() {
    return this.min > 0 || this.max < this.end;
  }

  /** Shows [min, max], moved and cut to lie within the run; at least a millionth of the run. */
  set(min, max) {
    const span = Math.min(Math.max(max - min, this.end * 1e-6), this.end);
    const centre = (min + max) / 2;
    const first = Math.min(Math.max(centre - span / 2, 0), this.end - span);
    if (first === this.min && first + span === this.max) return;
    this.min = first;
    this.max = span === this.end ? this.end : first + span;
    this.schedule();
  }

  /** Scales the span by `factor` round the instant `at`, which keeps its place. */
  zoom(factor, at = (this.min + this.max) / 2) {
    const span = Math.min(this.span * factor, this.end);
    const share = (at - this.min) / this.span;
    this.set(at - share * span, at + (1 - share) * span);
  }

  /** Moves by a share of the span. */
  pan(share) {
    const shift = Math.min(Math.max(share * this.span, -this.min), this.end - this.max);
    this.set(this.min + shift, this.max + shift);
  }

  reset() {
    this.set(0, this.end);
  }

  /** Many moves within one frame cost one redraw. */
  schedule() {
    if (this.scheduled) return;
    this.scheduled = true;
    requestAnimationFrame(() => {
      this.scheduled = false;
      for (const listener of this.listeners) listener();
    });
  }

  /** The keys that all charts over time understand. Returns whether the key was one. */
  handleKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    const actions = {
      '+': () => this.zoom(0.5),
      '=': () => this.zoom(0.5),
      '-': () => this.zoom(2),
      0: () => this.reset(),
      Home: () => this.reset(),
      PageUp: () => this.pan(-0.5),
      PageDown: () => this.pan(0.5),
    };
    const action = actions[event.key];
    if (!action || (event.key.startsWith('Page') && !this.zoomed)) return false;
    action();
    event.preventDefault();
    return true;
  }
}
