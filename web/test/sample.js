// A small run for the tests of the page: every figure in it can be checked by hand.

import { readFileSync } from 'node:fs';

const typeNames = new Map([
  [Uint8Array, 'u8'],
  [Uint16Array, 'u16'],
  [Uint32Array, 'u32'],
  [Float32Array, 'f32'],
  [Float64Array, 'f64'],
]);

/** Encodes a column as the writer of the report does. */
export function column(ArrayType, values) {
  const bytes = Buffer.from(ArrayType.from(values).buffer);
  return `${typeNames.get(ArrayType)}:${bytes.toString('base64')}`;
}

const spread = (mean, p50, p95, max) => ({ mean, p50, p95, max });

/** `jobs` jobs of 2 cores on two lanes, one after the other, each 50 s long. */
export function sampleDocument(jobs = 200) {
  const each = Array.from({ length: jobs }, (_, i) => i);
  const end = 100 * Math.ceil(jobs / 2);
  const buckets = Array.from({ length: 100 }, (_, i) => i);
  return {
    schema: 'nexa.report/1',
    title: 'Sample <b>run</b>',
    notice: 'stopped at 62 %',
    snippet: 'load("run.h5")',
    provenance: [
      { label: 'policy', value: 'easy' },
      { label: 'commit', value: '4f1c7a90be214d6f' },
    ],
    summary: {
      jobs: jobs + 1,
      completed: jobs - 1,
      timed_out: 1,
      cancelled: 0,
      rejected: 1,
      failed: 0,
      unfinished: 0,
      makespan_s: end,
      utilization: 0.5,
      wait_s: spread(12, 5, 60, 90),
      turnaround_s: spread(62, 55, 110, 140),
      bounded_slowdown: spread(1.24, 1.1, 2.2, 2.8),
    },
    load: {
      bucket_s: end / 100,
      queue: column(
        Float32Array,
        buckets.map((i) => i % 7),
      ),
      running: column(
        Float32Array,
        buckets.map(() => 1),
      ),
      tiers: [
        {
          name: 'cpu',
          cores: 4,
          busy: column(
            Float32Array,
            buckets.map(() => 1),
          ),
        },
        {
          name: 'hpc',
          cores: 8,
          busy: column(
            Float32Array,
            buckets.map(() => 2),
          ),
        },
      ],
    },
    wait_ecdf: {
      value_s: column(Float64Array, [0, 5, 60, 90]),
      fraction: column(Float32Array, [0.25, 0.5, 0.95, 1]),
    },
    slowdown_by_size: [
      { label: '1', jobs: 0, mean: 0, p50: 0, p95: 0 },
      { label: '2-4', jobs, mean: 1.24, p50: 1.1, p95: 2.2 },
    ],
    gantt: {
      stride: 1,
      lanes: [
        { name: 'desk', tier: 0, cores: 4 },
        { name: 'rack', tier: 1, cores: 8 },
      ],
      lane: column(
        Uint16Array,
        each.map((i) => i % 2),
      ),
      job: column(
        Uint32Array,
        each.map((i) => i + 1),
      ),
      cores: column(
        Uint32Array,
        each.map(() => 2),
      ),
      start_s: column(
        Float64Array,
        each.map((i) => 50 * i),
      ),
      duration_s: column(
        Float32Array,
        each.map(() => 50),
      ),
      wait_s: column(
        Float32Array,
        each.map(() => 5),
      ),
      state: column(
        Uint8Array,
        each.map((i) => (i === 3 ? 1 : 0)),
      ),
    },
  };
}

/** The page as the writer of the report makes it. */
export function samplePage(document) {
  const template = readFileSync(new URL('../dist/report.html', import.meta.url), 'utf8');
  return template
    .split('@NEXA_REPORT_DATA@')
    .join(JSON.stringify(document).replaceAll('<', '\\u003c'));
}

const parts = Array.from({ length: 100 }, (_, i) => i);

/** What the writer adds of a run whose jobs are validated: here two copies of each job. */
export function validatedDocument(jobs = 200) {
  const document = sampleDocument(jobs);
  const each = Array.from({ length: jobs }, (_, i) => i);
  const end = document.summary.makespan_s;
  const ramp = parts.map((i) => i / 198);
  Object.assign(document.gantt, {
    job: column(
      Uint32Array,
      each.map((i) => 1 + (i >> 1)),
    ),
    replica: column(
      Uint32Array,
      each.map((i) => 1 + (i & 1)),
    ),
    fate: column(
      Uint8Array,
      each.map((i) => (i < 6 ? i : 0)),
    ),
  });
  document.trust = {
    jobs,
    wrong: 1,
    wrong_at_first: 3,
    without_result: 2,
    copies_per_job: 2.125,
    copies_per_job_steady: 2.0625,
    honest_identities: 40,
    honest_convicted: 1,
    undetected: 4,
    time_s: column(
      Float64Array,
      parts.map((i) => (i * end) / 100),
    ),
    copies: column(
      Float32Array,
      parts.map(() => 2.125),
    ),
    wrong_at_end_share: column(
      Float32Array,
      parts.map((i) => (i === 0 ? 0.25 : 0)),
    ),
    wrong_at_first_share: column(
      Float32Array,
      parts.map((i) => (i < 2 ? 0.5 : 0)),
    ),
    reputation_at_s: column(
      Float64Array,
      parts.map((i) => (i * end) / 100),
    ),
    reputation_honest: column(
      Float32Array,
      ramp.map((value) => 0.25 + value),
    ),
    reputation_hostile: column(Float32Array, ramp),
    behaviours: [
      {
        name: 'colluder',
        intent: 'hostile',
        nodes: 8,
        identities: 9,
        convicted: 7,
        valid: 20,
        invalid: 12,
        failed: 3,
      },
      {
        name: 'honest',
        intent: 'honest',
        nodes: 40,
        identities: 40,
        convicted: 1,
        valid: 1234,
        invalid: 0,
        failed: 0,
      },
    ],
  };
  document.money = {
    cost_per_valid_result: 0.125,
    gini: 0.25,
    earners: [
      earner('colluder', 'hostile', 8, 100, 500),
      earner('honest', 'honest', 40, 6000, 2000),
    ],
    flows: [
      { from: 'users', to: 'honest', amount: 6000 },
      { from: 'users', to: 'colluder', amount: 100 },
      { from: 'students', to: 'honest', amount: 400 },
      { from: 'students', to: 'platform fee', amount: 0.5 },
    ],
  };
  return document;
}

/** One whose costs are those of computing alone. */
function earner(name, intent, nodes, earned, costs) {
  return {
    name,
    intent,
    nodes,
    earned,
    computing: costs,
    idling: 0,
    slashed: 0,
    fees: 0,
    profit: earned - costs,
  };
}
