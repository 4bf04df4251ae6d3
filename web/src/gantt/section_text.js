// What the caption of the Gantt chart says about its scope.

import { count, counted } from '../format.js';
import { mostLanes } from './model.js';

const ordinal = (n) => (n === 2 ? 'second' : `${count(n)}th`);

/** Says what is drawn, and what is not. */
export function scopeText(gantt, shownJobs) {
  const parts = [];
  const copies = gantt.replica ? ' with all its copies' : '';
  if (gantt.stride > 1) {
    parts.push(
      `To keep the file small, every ${ordinal(gantt.stride)} job that ran is drawn${copies} ` +
        `(${counted(shownJobs, 'job')}): the machine was fuller than it looks here.`,
    );
  } else if (shownJobs === 1) {
    parts.push(`1 job ran and is drawn${copies}.`);
  } else {
    parts.push(
      `All ${counted(shownJobs, 'job')} that ran are drawn${gantt.replica ? ' with all their copies' : ''}.`,
    );
  }
  if (gantt.lanes.length > mostLanes) {
    parts.push(
      `Of ${count(gantt.lanes.length)} lanes the ${mostLanes} with the most cores are shown.`,
    );
  }
  return parts.join(' ');
}
