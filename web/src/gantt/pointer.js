// Mouse, wheel and touch on the Gantt chart.

const dragDistance = 4;

/**
 * Drag: zoom to the span. Shift and drag, or one finger: move. Wheel: zoom, once the chart has
 * the focus, so that it does not catch a reader who only scrolls past. Two fingers: zoom.
 * @param {object} chart element, view, scale(), hover(x, y), select(from, to), leave()
 */
export function followPointer(chart) {
  const { element, view } = chart;
  const touches = new Map();
  let press = null;
  const place = (event) => {
    const box = element.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };

  element.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    element.focus({ preventScroll: true });
    const at = place(event);
    touches.set(event.pointerId, at);
    press = { ...at, moves: event.shiftKey || event.pointerType === 'touch', dragged: false };
    element.setPointerCapture(event.pointerId);
  });

  element.addEventListener('pointermove', (event) => {
    const at = place(event);
    if (!press) {
      chart.hover(at.x, at.y);
      return;
    }
    const before = touches.get(event.pointerId);
    if (!before) return;
    if (Math.abs(at.x - press.x) > dragDistance) press.dragged = true;
    if (touches.size === 2) pinch(chart, touches, event.pointerId, at);
    else if (press.moves) view.pan((before.x - at.x) / chart.scale().width);
    else if (press.dragged) chart.select(press.x, at.x);
    touches.set(event.pointerId, at);
  });

  const release = (event) => {
    const at = place(event);
    const finished = press && touches.size === 1 && event.type === 'pointerup';
    touches.delete(event.pointerId);
    if (finished && press.dragged && !press.moves) {
      const scale = chart.scale();
      view.set(scale.at(Math.min(press.x, at.x)), scale.at(Math.max(press.x, at.x)));
    }
    if (finished && !press.dragged) chart.hover(at.x, at.y);
    if (touches.size === 0) press = null;
    chart.select(null, null);
  };
  element.addEventListener('pointerup', release);
  element.addEventListener('pointercancel', release);
  element.addEventListener('pointerleave', () => {
    if (!press) chart.leave();
  });
  element.addEventListener('dblclick', () => view.reset());
  element.addEventListener('wheel', (event) => turnWheel(chart, event, place(event)), {
    passive: false,
  });
}

function turnWheel(chart, event, at) {
  const { element, view } = chart;
  const meant = document.activeElement === element || event.ctrlKey || event.metaKey;
  if (!meant) return;
  event.preventDefault();
  const unit = event.deltaMode === 1 ? 16 : 1;
  if (Math.abs(event.deltaX) > Math.abs(event.deltaY))
    view.pan((event.deltaX * unit) / chart.scale().width);
  else view.zoom(Math.exp(event.deltaY * unit * 0.0018), chart.scale().at(at.x));
}

/** Two fingers keep the instants under them. */
function pinch(chart, touches, moved, at) {
  const [other] = [...touches].filter(([id]) => id !== moved).map(([, point]) => point);
  const before = touches.get(moved);
  const apart = Math.max(Math.abs(before.x - other.x), 10);
  const now = Math.max(Math.abs(at.x - other.x), 10);
  chart.view.zoom(apart / now, chart.scale().at(other.x));
}
