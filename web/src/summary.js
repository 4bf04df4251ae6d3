// The text and the figures at the top of the page.

import { h, table } from './dom.js';
import { count, counted, duration, percent, real } from './format.js';

function started(summary) {
  return summary.completed + summary.timed_out;
}

function exceptions(summary) {
  const parts = [];
  if (summary.timed_out > 0) {
    parts.push(
      `${counted(summary.timed_out, 'job')} ${was(summary.timed_out)} stopped at the time limit`,
    );
  }
  if (summary.failed > 0)
    parts.push(`${counted(summary.failed, 'job')} ran without a result that could be accepted`);
  if (summary.rejected > 0)
    parts.push(`${count(summary.rejected)} could never run and ${was(summary.rejected)} rejected`);
  if (summary.cancelled > 0)
    parts.push(`${count(summary.cancelled)} ${was(summary.cancelled)} cancelled`);
  if (summary.unfinished > 0)
    parts.push(`${count(summary.unfinished)} had not finished when the run ended`);
  if (parts.length === 0) return 'Every job completed.';
  return `${parts.join('; ')}.`;
}

const was = (n) => (n === 1 ? 'was' : 'were');

const tail = (wait) =>
  `95 % within ${duration(Math.max(wait.p95, 1))}; the mean wait was ${duration(wait.mean)}.`;

/** The run in a few sentences. */
export function leadText(summary) {
  if (summary.jobs === 0) return 'The workload holds no job.';
  const sentences = [];
  if (started(summary) === 0) {
    sentences.push(`The workload holds ${counted(summary.jobs, 'job')}; none of them ran.`);
  } else {
    sentences.push(
      `${counted(summary.jobs, 'job')} in ${duration(summary.makespan_s)} of simulated time.`,
      summary.wait_s.p50 < 1
        ? `At least half of those that ran started at once, ${tail(summary.wait_s)}`
        : `Half of those that ran started within ${duration(summary.wait_s.p50)} of submission, ` +
            tail(summary.wait_s),
      `The machine’s cores were busy ${percent(summary.utilization)} of the time.`,
    );
  }
  sentences.push(exceptions(summary));
  return sentences.join(' ');
}

/** A figure with its label, and a note below. */
export function figure(label, value, note) {
  return h(
    'div',
    { class: 'figure' },
    h('dt', {}, label),
    h('dd', {}, h('span', { class: 'value' }, value), h('span', { class: 'note' }, note)),
  );
}

export function figureList(...figures) {
  return h('dl', { class: 'figures' }, figures);
}

function figures(summary) {
  const { wait_s: wait, bounded_slowdown: slowdown } = summary;
  return figureList(
    figure('Jobs', count(summary.jobs), `${count(summary.completed)} completed`),
    figure('Makespan', duration(summary.makespan_s), `${count(Math.round(summary.makespan_s))} s`),
    figure('Utilisation', percent(summary.utilization), 'of all core time'),
    figure('Mean wait', duration(wait.mean), `median ${duration(wait.p50)}`),
    figure('Mean bounded slowdown', real(slowdown.mean), `median ${real(slowdown.p50)}`),
    figure(
      'Rejected / timed out',
      `${count(summary.rejected)} / ${count(summary.timed_out)}`,
      `of ${counted(summary.jobs, 'job')}`,
    ),
  );
}

function spreadRow(label, spread, format) {
  return [label, format(spread.mean), format(spread.p50), format(spread.p95), format(spread.max)];
}

function spreads(summary) {
  return table({
    caption: 'Over the jobs that started',
    head: ['Measure', 'mean', 'p50', 'p95', 'max'],
    rows: [
      spreadRow('Wait', summary.wait_s, duration),
      spreadRow('Turnaround', summary.turnaround_s, duration),
      spreadRow('Bounded slowdown', summary.bounded_slowdown, real),
    ],
  });
}

const states = [
  ['completed', 'Completed'],
  ['timed_out', 'Stopped at the time limit'],
  ['failed', 'Without a result'],
  ['rejected', 'Rejected'],
  ['cancelled', 'Cancelled'],
  ['unfinished', 'Unfinished'],
];

function outcomes(summary) {
  return table({
    caption: 'How jobs left the system',
    head: ['Outcome', 'jobs', 'share'],
    rows: states.map(([key, label]) => [
      label,
      count(summary[key]),
      summary.jobs > 0 ? percent(summary[key] / summary.jobs) : '–',
    ]),
  });
}

function provenance(facts) {
  if (facts.length === 0) return null;
  const isDigest = (value) => /^[0-9a-z-]*:?[0-9a-f]{12,}$/.test(value);
  return h(
    'div',
    { class: 'provenance' },
    h('h3', {}, 'How this run was made'),
    h(
      'dl',
      { class: 'facts' },
      facts.map((fact) =>
        h(
          'div',
          {},
          h('dt', {}, fact.label),
          h('dd', { class: isDigest(fact.value) ? 'digest' : undefined }, fact.value),
        ),
      ),
    ),
  );
}

function snippet(text) {
  if (!text) return null;
  return h(
    'div',
    { class: 'snippet' },
    h('h3', {}, 'Load the data of this run'),
    h('pre', { tabindex: '0' }, h('code', {}, text)),
  );
}

export function showSummary(data) {
  document.title = `${data.title} – nexapod`;
  document.getElementById('title').textContent = data.title;
  const parts = [
    data.notice ? h('p', { class: 'notice', role: 'note' }, data.notice) : null,
    h('p', { class: 'lead' }, leadText(data.summary)),
    figures(data.summary),
    h('div', { class: 'columns' }, spreads(data.summary), outcomes(data.summary)),
    provenance(data.provenance),
    snippet(data.snippet),
  ];
  document.getElementById('summary-body').append(...parts.filter(Boolean));
}
