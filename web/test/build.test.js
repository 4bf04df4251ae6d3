import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

const file = (path) => new URL(`../${path}`, import.meta.url);
const read = (path) => readFileSync(file(path), 'utf8');

test(
  'the checked-in page is what its sources build',
  {
    skip: existsSync(file('node_modules/esbuild'))
      ? false
      : 'needs web/node_modules: run web/build.sh once',
  },
  async () => {
    const { buildReport } = await import('../build.js');
    assert.ok(
      (await buildReport()) === read('dist/report.html'),
      'dist/report.html is stale: run web/build.sh',
    );
  },
);

test('the lock file pins exact versions and names no host', () => {
  const manifest = JSON.parse(read('package.json'));
  const lock = JSON.parse(read('package-lock.json'));
  for (const [name, version] of Object.entries(manifest.devDependencies)) {
    assert.match(version, /^\d+\.\d+\.\d+$/);
    assert.equal(lock.packages[`node_modules/${name}`].version, version);
    assert.match(lock.packages[`node_modules/${name}`].integrity, /^sha512-/);
  }
  assert.ok(!read('package-lock.json').includes('"resolved"'));
});

test('the page is one file with one place for its data', () => {
  const page = read('dist/report.html');
  assert.equal(page.split('@NEXA_REPORT_DATA@').length, 2);
  assert.ok(page.includes('Copyright (c) 2022 Leon Sorokin'));
  assert.doesNotMatch(page, /\b(?:src|href)="(?!data:|#)|@import|url\(/);
});
