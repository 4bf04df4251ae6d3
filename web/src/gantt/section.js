// The section of the page round the Gantt chart: caption, search for a job, table.

import { caption, empty, foldedTable, h, table } from '../dom.js';
import { count, counted, percent } from '../format.js';
import { timeLabel } from '../time_axis.js';
import { GanttChart } from './chart.js';
import { fateLegend } from './fates.js';
import { GanttModel } from './model.js';
import { scopeText } from './section_text.js';

function finder(chart) {
  const input = h('input', {
    type: 'text',
    inputmode: 'numeric',
    id: 'job-number',
    autocomplete: 'off',
    size: '10',
  });
  const answer = h('span', { class: 'answer', role: 'status' });
  return h(
    'form',
    {
      class: 'finder',
      onsubmit: (event) => {
        event.preventDefault();
        const job = Number(input.value.trim());
        const found = input.value.trim() !== '' && chart.goTo(job);
        answer.textContent = found ? '' : `job ${input.value.trim() || '?'} is not drawn`;
      },
    },
    h('label', { for: 'job-number' }, 'Find job'),
    input,
    h('button', { type: 'submit' }, 'Show'),
    answer,
  );
}

function zoomButtons(view) {
  const button = (text, label, action) =>
    h('button', { type: 'button', 'aria-label': label, title: label, onclick: action }, text);
  return h(
    'div',
    { class: 'zoom' },
    button('+', 'Zoom in', () => view.zoom(0.5)),
    button('−', 'Zoom out', () => view.zoom(2)),
    button('Whole run', 'Show the whole run', () => view.reset()),
  );
}

function laneTable(model, tiers, view) {
  return table({
    caption: 'What each lane carried',
    head: ['Lane', 'tier', 'cores', 'bars', 'cores held by bars'],
    text: 2,
    rows: model.lanes.map((lane) => [
      lane.name,
      tiers[lane.tier].name,
      count(lane.cores),
      count(lane.bars.length),
      percent(model.areaOf(lane) / (lane.cores * view.end)),
    ]),
  });
}

function help(gantt) {
  const size = 'as long as it ran, as high as the cores it held, so that empty space is idle; ';
  return (
    (gantt.replica
      ? `A bar is a copy of a job: ${size}shades only tell neighbours apart, and a copy that came ` +
        'to nothing is drawn at least so wide that it can be seen. '
      : `A bar is a job: ${size}shades only tell neighbours apart, and a contrasting right end ` +
        'marks a job stopped at its time limit. ') +
    'Cores are packed for the eye, not those of the real nodes. '
  );
}

const controls =
  'Point at a bar for the job’s details. Drag to zoom in, double-click to see the ' +
  'whole run; after a click on the chart the wheel zooms; shift and drag moves. With the ' +
  'keyboard, ← and → go from job to job, + and − zoom, shift with an arrow moves.';

/** @returns {GanttChart|null} */
export function showGantt(data, view) {
  const body = document.getElementById('gantt-body');
  const { gantt } = data;
  if (gantt.lane.length === 0) {
    body.append(empty('No job ran, so there is nothing to draw.'));
    return null;
  }
  const model = new GanttModel(gantt);
  const tiers = data.load.tiers;
  const jobs = model.barsOfJob.size;
  const chart = new GanttChart(
    model,
    tiers,
    view,
    `Jobs on ${counted(model.lanes.length, 'lane')} over time; ${counted(jobs, 'job')} drawn. ` +
      'Arrow keys go from job to job.',
  );
  const range = h('span', { class: 'range-text' });
  const sayRange = () => {
    const step = view.span / 6;
    const label = (at) => timeLabel(round(at, step), step);
    range.textContent = `${label(view.min)} – ${label(view.max)}`;
  };
  sayRange();
  view.subscribe(sayRange);
  const figure = h(
    'figure',
    {},
    h('div', { class: 'tools' }, zoomButtons(view), range, finder(chart)),
    gantt.fate ? fateLegend(gantt.fate) : null,
    chart.readout,
    chart.element,
    caption(
      scopeText(gantt, jobs),
      ' ',
      help(gantt),
      h('span', { class: 'screen-only' }, controls),
    ),
  );
  body.append(
    figure,
    foldedTable('Lanes as a table', () => laneTable(model, tiers, view)),
  );
  chart.start();
  return chart;
}

/** To a unit that suits the step, so that the label stays short. */
function round(at, step) {
  const unit = step >= 3600 ? 3600 : step >= 60 ? 60 : 1;
  return Math.round(at / unit) * unit;
}
