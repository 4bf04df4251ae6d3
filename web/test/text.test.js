import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeColumn, parseReport } from '../src/data.js';
import { quantile, shareAtMost } from '../src/ecdf.js';
import { count, counted, duration, instant, percent, real, seconds } from '../src/format.js';
import { scopeText } from '../src/gantt/section_text.js';
import { leadText } from '../src/summary.js';
import { timeLabel, timeTicks } from '../src/time_axis.js';
import { column, sampleDocument } from './sample.js';

test('a duration shows its two largest units', () => {
  const cases = [
    [0, '0s'],
    [0.4, '0.4s'],
    [7, '7s'],
    [59.6, '1m'],
    [60, '1m'],
    [90, '1m 30s'],
    [3599.6, '1h'],
    [3600, '1h'],
    [3661, '1h 1m'],
    [86399, '1d'],
    [86400, '1d'],
    [90000, '1d 1h'],
    [28763776, '332d 22h'],
    [-90, '−1m 30s'],
    [NaN, '–'],
    [null, '–'],
  ];
  for (const [value, text] of cases) assert.equal(duration(value), text, String(value));
});

test('numbers have separators and the digits that matter', () => {
  assert.equal(count(27992), '27,992');
  assert.equal(counted(1, 'job'), '1 job');
  assert.equal(counted(0, 'job'), '0 jobs');
  assert.equal(real(4294.5), '4,295');
  assert.equal(real(86.3712), '86.4');
  assert.equal(real(1.5), '1.50');
  assert.equal(seconds(6351.4934), '6,351.493');
  assert.equal(percent(0.704), '70.4 %');
  assert.equal(percent(0.0001), '< 0.1 %');
  assert.equal(percent(0), '0.0 %');
  assert.equal(instant(2 * 86400 + 3 * 3600 + 4 * 60 + 5), '2d 03:04:05');
  assert.equal(instant(59), '00:00:59');
});

test('columns keep every bit, on a host of either byte order', () => {
  assert.deepEqual([...decodeColumn(column(Float64Array, [0.1, -3, 1e300]))], [0.1, -3, 1e300]);
  assert.deepEqual([...decodeColumn(column(Uint32Array, [0, 4294967295]))], [0, 4294967295]);
  assert.deepEqual([...decodeColumn('u16:')], []);
  assert.equal(decodeColumn('u16:AQI=', false)[0], 0x0102);
  assert.throws(() => decodeColumn('x9:AA=='), /unknown column type 'x9'/);
});

test('a document of another schema is refused', () => {
  assert.throws(() => parseReport('{"schema":"nexa.report/9"}'), /unknown schema/);
});

test('the text sums the run up', () => {
  const { summary } = sampleDocument();
  assert.equal(
    leadText(summary),
    '201 jobs in 2h 47m of simulated time. Half of those that ran started within 5s of ' +
      'submission, 95 % within 1m; ' +
      'the mean wait was 12s. The machine’s cores were busy 50.0 % of the time. ' +
      '1 job was stopped at the time limit; 1 could never run and was rejected.',
  );
  assert.match(leadText({ ...summary, jobs: 0 }), /holds no job/);
  assert.match(leadText({ ...summary, completed: 0, timed_out: 0 }), /none of them ran/);
  assert.match(leadText({ ...summary, timed_out: 0, rejected: 0 }), /Every job completed\.$/);
});

test('the caption says what is left out', () => {
  assert.equal(scopeText({ stride: 1, lanes: [] }, 1), '1 job ran and is drawn.');
  assert.equal(scopeText({ stride: 1, lanes: [] }, 5), 'All 5 jobs that ran are drawn.');
  assert.match(
    scopeText({ stride: 2, lanes: [] }, 5),
    /every second job that ran is drawn \(5 jobs\)/,
  );
  assert.match(
    scopeText({ stride: 8, lanes: new Array(300) }, 5),
    /every 8th job .* Of 300 lanes the 200/,
  );
});

test('ticks stand at times that people count in', () => {
  assert.deepEqual(timeTicks(0, 30 * 86400, 7), {
    step: 5 * 86400,
    ticks: [0, 5, 10, 15, 20, 25, 30].map((d) => d * 86400),
  });
  assert.deepEqual(timeTicks(100, 200, 4).ticks, [120, 150, 180]);
  assert.equal(timeLabel(0, 60), '0');
  assert.equal(timeLabel(86400 * 3, 3600), '3d');
  assert.equal(timeLabel(86400 * 3 + 7200, 3600), '3d 2h');
  assert.equal(timeLabel(86400 + 7260, 60), '1d 2:01');
  assert.equal(timeLabel(65, 5), '0:01:05');
});

test('the distribution answers for shares and for values', () => {
  const ecdf = {
    value_s: new Float64Array([0, 5, 60, 90]),
    fraction: new Float32Array([0.25, 0.5, 0.95, 1]),
  };
  assert.equal(shareAtMost(ecdf, -1), 0);
  assert.equal(shareAtMost(ecdf, 5), 0.5);
  assert.equal(shareAtMost(ecdf, 89), new Float32Array([0.95])[0]);
  assert.equal(quantile(ecdf, 0.95), 60);
  assert.equal(quantile(ecdf, 0.96), 90);
  assert.equal(quantile(ecdf, 1), 90);
});
