import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseReport } from '../src/data.js';
import { credits, share } from '../src/format.js';
import { fateNames, fateTokens } from '../src/gantt/fates.js';
import { GanttModel } from '../src/gantt/model.js';
import { scopeText } from '../src/gantt/section_text.js';
import { layoutFlows } from '../src/money/flow.js';
import { perNode, profitTicks } from '../src/money/profit.js';
import { evenTicks, trustLead } from '../src/trust/text.js';
import { sampleDocument, validatedDocument } from './sample.js';

test('small shares and amounts keep the digits that matter', () => {
  assert.equal(share(0), '0 %');
  assert.equal(share(0.000045), '0.0045 %');
  assert.equal(share(0.25), '25 %');
  assert.equal(share(0.9014), '90.1 %');
  assert.equal(share(NaN), '–');
  assert.equal(credits(0), '0');
  assert.equal(credits(0.0842), '0.0842');
  assert.equal(credits(16340.2), '16,340');
  assert.equal(credits(-10.683), '−10.7');
  assert.equal(credits(-1e-9), '0');
});

test('the columns of validated runs are decoded, and missing in others', () => {
  const { gantt, trust } = parseReport(JSON.stringify(validatedDocument()));
  assert.deepEqual([...gantt.fate.slice(0, 7)], [0, 1, 2, 3, 4, 5, 0]);
  assert.deepEqual([...gantt.replica.slice(0, 3)], [1, 2, 1]);
  assert.equal(trust.copies.length, 100);
  const plain = parseReport(JSON.stringify(sampleDocument()));
  assert.equal(plain.gantt.fate, undefined);
  assert.equal(plain.trust, undefined);
});

test('every fate has a name and a colour, but for the valid one', () => {
  assert.equal(fateNames.length, fateTokens.length);
  assert.deepEqual(
    fateTokens.map((token) => token === null),
    [true, false, false, false, false, false],
  );
});

test('the copies of a job belong together', () => {
  const model = new GanttModel(parseReport(JSON.stringify(validatedDocument())).gantt);
  assert.deepEqual(model.barsOfJob.get(3), [4, 5]);
  assert.match(scopeText({ stride: 1, lanes: [], replica: [1] }, 5), /with all their copies\.$/);
  assert.match(scopeText({ stride: 4, lanes: [], replica: [1] }, 5), /drawn with all its copies/);
});

test('ticks are round and reach the highest value', () => {
  assert.deepEqual(evenTicks(4, 2), [0, 2, 4]);
  assert.deepEqual(evenTicks(0.0025, 2), [0, 0.002, 0.004]);
  for (const high of [1e-7, 0.003, 0.2, 1, 7, 99, 12345]) {
    const ticks = evenTicks(high, 2);
    assert.ok(ticks[2] >= high * (1 - 1e-9) && ticks[2] < high * 3, String(high));
  }
});

test('an axis of profits has zero on it, and as much to each side as is needed', () => {
  assert.deepEqual(profitTicks(0, 40), [0, 20, 40]);
  assert.deepEqual(profitTicks(-40, 0), [-40, -20, 0]);
  assert.deepEqual(profitTicks(-10, 40), [-20, 0, 20, 40]);
  assert.deepEqual(profitTicks(-40, 40), [-40, -20, 0, 20, 40]);
  assert.deepEqual(profitTicks(0, 0), [0]);
  assert.equal(perNode({ profit: -400, nodes: 8 }), -50);
  assert.equal(perNode({ profit: 0, nodes: 0 }), 0);
});

test('streams are as wide as what flows, and meet the names without gaps', () => {
  const { left, right, streams, all, height } = layoutFlows(validatedDocument().money.flows);
  assert.equal(all, 6500.5);
  assert.deepEqual(
    left.map((node) => [node.name, node.amount]),
    [
      ['users', 6100],
      ['students', 400.5],
    ],
  );
  assert.deepEqual(
    right.map((node) => node.name),
    ['honest', 'colluder', 'platform fee'],
  );
  for (const [nodes, key, y] of [
    [left, 'from', 'y0'],
    [right, 'to', 'y1'],
  ]) {
    for (const node of nodes) {
      let at = node.y;
      for (const stream of streams.filter((one) => one[key] === node.name)) {
        assert.ok(Math.abs(stream[y] - at) < 1e-9);
        at += stream.width;
      }
      assert.ok(node.y >= -1e-9 && node.y + node.height <= height + 1e-9);
    }
  }
  const [wide] = streams;
  assert.equal(wide.amount, 6000);
  assert.ok(Math.abs(wide.width - (260 * 6000) / 6500.5) < 1e-9);
  assert.ok(streams.every((stream) => stream.width >= 1.5));
});

test('the text says what is wrong, and what was mended', () => {
  const { trust } = validatedDocument();
  assert.equal(
    trustLead(trust),
    'Of 200 jobs with a verdict, 1 result that stands at the end is wrong (0.5 %), after 2 that ' +
      'were revised. A job took 2.13 copies in the mean, and 2.06 in the second half of the run, ' +
      'when nodes have histories.',
  );
  assert.match(
    trustLead({ ...trust, wrong: 0, wrong_at_first: 0 }),
    /none of the results that stand at the end is wrong\. A job/,
  );
  assert.match(
    trustLead({ ...trust, copies_per_job_steady: 0 }),
    /A job took 2\.13 copies in the mean\.$/,
  );
  assert.equal(trustLead({ ...trust, jobs: 0 }), 'No job was decided.');
});
