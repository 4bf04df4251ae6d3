// What redundancy achieved and cost: copies, wrong results and reputation over time.

import { caption, foldedTable, h, table } from '../dom.js';
import { count, counted, instant, real, share } from '../format.js';
import { behaviourName, intentLegend } from '../intent.js';
import { timeHelp } from '../load_charts.js';
import { ChartFrame } from '../plot.js';
import { highestOf } from '../rebin.js';
import { figure, figureList } from '../summary.js';
import { evenTicks, lineKey, trustLead } from './text.js';
import { mountLines } from './lines.js';

/** Empty for a run that was stopped before its second half. */
function laterCopies(trust) {
  const { copies_per_job_steady: steady } = trust;
  return steady > 0 ? `second half ${steady.toFixed(3)}` : '';
}

function tiles(trust) {
  return figureList(
    figure('Wrong results', count(trust.wrong), `${share(trust.wrong / trust.jobs)} in the end`),
    figure('Wrong at first', count(trust.wrong_at_first), 'before revisions'),
    figure('Copies per job', trust.copies_per_job.toFixed(3), laterCopies(trust) || 'in the mean'),
    figure('Without a result', count(trust.without_result), `of ${counted(trust.jobs, 'job')}`),
    figure(
      'Honest but convicted',
      count(trust.honest_convicted),
      `of ${counted(trust.honest_identities, 'node')}`,
    ),
    figure('Never convicted', count(trust.undetected), 'though wrong'),
  );
}

function copiesStrip(figureNode, trust, view) {
  const high = highestOf(trust.copies);
  const ticks = [
    1,
    ...evenTicks(Math.max(high - 1, 0.2), 2)
      .slice(1)
      .map((t) => 1 + t),
  ];
  const frame = new ChartFrame({
    label: `Copies per job over time: mean ${real(trust.copies_per_job)}, highest ${real(high)}`,
    heading: h('span', {}, h('b', {}, 'Copies per job')),
  });
  figureNode.append(frame.root);
  mountLines(view, {
    frame,
    times: trust.time_s,
    lines: [{ values: trust.copies, colour: 'ink-chart', steps: true, filled: true }],
    range: [1, ticks[ticks.length - 1]],
    splits: ticks,
    tick: (value) => String(Number(value.toFixed(3))),
    height: 112,
    labelled: false,
    describe: (at) =>
      at === null
        ? [`whole run: ${trust.copies_per_job.toFixed(3)}`, laterCopies(trust)]
            .filter(Boolean)
            .join(', ')
        : `jobs from ${instant(trust.time_s[at])}: ${trust.copies[at].toFixed(3)}`,
  });
}

function wrongStrip(figureNode, trust, view) {
  const { wrong_at_first_share: first, wrong_at_end_share: final } = trust;
  const high = highestOf(first.map((value, i) => Math.max(value, final[i])));
  const ticks = evenTicks(high > 0 ? high : 0.01, 2);
  const frame = new ChartFrame({
    label:
      `Share of jobs with a wrong result over time: ${count(trust.wrong_at_first)} at first, ` +
      `${count(trust.wrong)} in the end, of ${counted(trust.jobs, 'job')}`,
    heading: h(
      'span',
      { class: 'keyed' },
      h('b', {}, 'Wrong results accepted'),
      lineKey('faulty', 'at first', true),
      lineKey('hostile', 'in the end'),
    ),
  });
  figureNode.append(frame.root);
  mountLines(view, {
    frame,
    times: trust.time_s,
    lines: [
      { values: first, colour: 'faulty', steps: true, dashed: true },
      { values: final, colour: 'hostile', steps: true, filled: true },
    ],
    range: [0, ticks[ticks.length - 1]],
    splits: ticks,
    tick: share,
    height: 132,
    labelled: false,
    describe: (at) =>
      at === null
        ? `whole run: ${share(trust.wrong_at_first / trust.jobs)} at first, ` +
          `${share(trust.wrong / trust.jobs)} in the end`
        : `jobs from ${instant(trust.time_s[at])}: ${share(first[at])} at first, ` +
          `${share(final[at])} in the end`,
  });
}

function reputationStrip(figureNode, trust, view) {
  const { reputation_at_s: times, reputation_honest: honest, reputation_hostile: hostile } = trust;
  const both = hostile.length > 0;
  const said = (at) =>
    both
      ? `hostile ${hostile[at].toFixed(2)}, others ${honest[at].toFixed(2)}`
      : honest[at].toFixed(2);
  const last = times.length - 1;
  const frame = new ChartFrame({
    label: `Mean reputation of nodes over time; at the end ${said(last)}`,
    heading: h(
      'span',
      { class: 'keyed' },
      h('b', {}, 'Mean reputation'),
      lineKey('honest', both ? 'other nodes' : 'nodes'),
      both ? lineKey('hostile', 'hostile nodes', true) : null,
    ),
  });
  figureNode.append(frame.root);
  const lines = [{ values: honest, colour: 'honest' }];
  if (both) lines.push({ values: hostile, colour: 'hostile', dashed: true });
  mountLines(view, {
    frame,
    times,
    lines,
    range: [0, 1],
    splits: [0, 0.5, 1],
    tick: String,
    height: 150,
    labelled: true,
    describe: (at) =>
      at === null ? `at the end: ${said(last)}` : `${instant(times[at])}: ${said(at)}`,
  });
}

const rowsOfTables = 20;

/** The last reputation that was noted by then. */
function reputationAt(trust, values, at) {
  if (values.length === 0) return '–';
  let index = trust.reputation_at_s.findIndex((time) => time > at);
  if (index < 0) index = values.length;
  return values[Math.max(index - 1, 0)].toFixed(3);
}

function overTime(trust) {
  const stride = Math.max(1, Math.ceil(trust.time_s.length / rowsOfTables));
  const rows = [];
  for (let i = 0; i < trust.time_s.length; i += stride) {
    const at = trust.time_s[i];
    rows.push([
      instant(at),
      trust.copies[i].toFixed(3),
      share(trust.wrong_at_first_share[i]),
      share(trust.wrong_at_end_share[i]),
      reputationAt(trust, trust.reputation_honest, at),
      reputationAt(trust, trust.reputation_hostile, at),
    ]);
  }
  return table({
    caption: 'Copies, wrong results and reputation over time',
    head: ['Jobs from', 'copies', 'wrong at first', 'in the end', 'others', 'hostile'],
    rows,
  });
}

function behaviours(trust) {
  const rows = trust.behaviours.map((one) => [
    behaviourName(one),
    count(one.nodes),
    count(one.identities),
    count(one.convicted),
    count(one.valid),
    count(one.invalid),
    count(one.failed),
  ]);
  return h(
    'div',
    { class: 'behaviours' },
    h('h3', {}, 'Nodes by behaviour'),
    intentLegend(trust.behaviours.map((one) => one.intent)),
    table({
      caption: 'Nodes, their names, and what their replicas came to',
      head: ['Behaviour', 'nodes', 'names', 'convicted', 'valid', 'invalid', 'failed'],
      rows,
    }),
  );
}

export function showTrust(data, view) {
  const { trust } = data;
  if (!trust) return;
  const section = document.getElementById('trust');
  section.hidden = false;
  document.querySelector('nav a[href="#trust"]').hidden = false;
  const body = document.getElementById('trust-body');
  body.append(h('p', { class: 'lead' }, trustLead(trust)), tiles(trust));
  const strips = h('figure', { class: 'strips' });
  body.append(strips);
  if (trust.time_s.length > 0) {
    copiesStrip(strips, trust, view);
    wrongStrip(strips, trust, view);
  }
  if (trust.reputation_at_s.length > 0) reputationStrip(strips, trust, view);
  strips.append(
    caption(
      'Each step is one hundredth of the jobs, at the time at which the first of them was ' +
        'submitted. Copies count all replicas that were started; the axis begins at one. A result ' +
        'is wrong if no honest node could have given it, which only a simulation knows; a verdict ' +
        'that is revised is wrong at first alone. The reputation of a node is the lower 5 % ' +
        'quantile of what is believed of its results. ',
      h('span', { class: 'screen-only' }, timeHelp),
    ),
  );
  body.append(
    foldedTable('Copies, wrong results and reputation as a table', () => overTime(trust)),
    behaviours(trust),
  );
}
