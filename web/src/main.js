import { parseReport } from './data.js';
import { h } from './dom.js';
import { showWaiting } from './ecdf_chart.js';
import { showGantt } from './gantt/section.js';
import { showQueue, showUtilisation } from './load_charts.js';
import { showMoney } from './money/section.js';
import { showSlowdown } from './slowdown.js';
import { showSummary } from './summary.js';
import { startThemes } from './theme.js';
import { showTrust } from './trust/section.js';
import { TimeView } from './time_view.js';

/** The end of the time axes: the last thing that happened. */
function endOf(data) {
  let end = data.summary.makespan_s;
  const { start_s: start, duration_s: length } = data.gantt;
  for (let i = 0; i < start.length; i++) end = Math.max(end, start[i] + length[i]);
  return end > 0 ? end : data.load.bucket_s * data.load.queue.length;
}

function show() {
  startThemes();
  const data = parseReport(document.getElementById('nexa-data').textContent);
  const view = new TimeView(endOf(data));
  showSummary(data);
  showTrust(data, view);
  showMoney(data);
  showUtilisation(data, view);
  showQueue(data, view);
  showWaiting(data);
  showSlowdown(data);
  showGantt(data, view);
}

try {
  show();
} catch (error) {
  document
    .querySelector('main')
    .prepend(
      h(
        'p',
        { class: 'notice', role: 'alert' },
        `The data of this report cannot be shown: ${error.message}. The file may be incomplete.`,
      ),
    );
  throw error;
}
