// Opens the page in a real browser, where there is one.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { Browser, findChromium } from './browser.js';
import { column, sampleDocument, samplePage, validatedDocument } from './sample.js';

const chromium = findChromium();

function emptyDocument() {
  const document = sampleDocument();
  const none = column(Float64Array, []);
  for (const name of ['lane', 'job', 'cores', 'start_s', 'duration_s', 'wait_s', 'state'])
    document.gantt[name] = none;
  Object.assign(document.load, { queue: none, running: none, tiers: [] });
  document.wait_ecdf = { value_s: none, fraction: none };
  document.slowdown_by_size = [];
  document.gantt.lanes = [];
  for (const name of ['jobs', 'completed', 'timed_out', 'rejected', 'makespan_s'])
    document.summary[name] = 0;
  return document;
}

describe('the page in a browser', { skip: chromium ? false : 'needs Chromium' }, () => {
  let browser;
  let folder;
  const write = (name, document) => {
    const path = join(folder, name);
    writeFileSync(path, typeof document === 'string' ? document : samplePage(document));
    return pathToFileURL(path).href;
  };

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'nexa-page-'));
    browser = await Browser.start(chromium);
  });
  after(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const text = (selector) => browser.run(`document.querySelector('${selector}').textContent`);
  const clickable = async (selector) => {
    const box = await browser.run(`(() => {
      const node = document.querySelector('${selector}');
      node.scrollIntoView({ block: 'start', behavior: 'instant' });
      const { left, top, width, height } = node.getBoundingClientRect();
      return { left, top, width, height };
    })()`);
    await browser.settle();
    return box;
  };

  test('shows everything, says nothing on the console and asks for nothing', async () => {
    const url = write('run.html', sampleDocument());
    await browser.open(url);
    assert.deepEqual(browser.complaints(), []);
    assert.deepEqual(browser.requests(), [url.slice(0, 60)]);
    assert.equal(await text('h1'), 'Sample <b>run</b>');
    assert.match(await text('.notice'), /stopped at 62 %/);
    assert.match(await text('.lead'), /^201 jobs/);
    assert.equal(await browser.run("document.querySelectorAll('.uplot').length"), 5);
    assert.equal(
      await browser.run("document.querySelectorAll('.slowdown tbody tr:not(.axis)').length"),
      2,
    );
  });

  test('shows the lines of a value, and their indentation', async () => {
    const document = sampleDocument();
    const value = 'policy: easy\nworkload:\n  first: 100\n';
    document.provenance = [{ label: 'configuration', value }];
    await browser.open(write('lines.html', document));
    assert.equal(await browser.run("document.querySelector('.facts dd').innerText"), value);
  });

  test('labels its time axes from the first moment', async () => {
    await browser.open(write('run.html', sampleDocument()));
    const inked = await browser.run(`[...document.querySelectorAll(
      '.chart:has(+ button) canvas')].map((canvas) => {
      const half = canvas.width / 2;
      const pixels = canvas.getContext('2d').getImageData(half, canvas.height - 18, half, 18).data;
      return pixels.filter((value, i) => i % 4 === 3 && value > 100).length > 20;
    })`);
    assert.deepEqual(inked, [true, true]);
  });

  test('follows the system’s colours, the buttons and the address', async () => {
    const url = write('run.html', sampleDocument());
    const paper = () => browser.run('getComputedStyle(document.body).backgroundColor');
    const ink = async () => {
      await clickable('.gantt');
      return browser.run(`[...document.querySelector('.gantt canvas').getContext('2d')
        .getImageData(1, 30, 1, 1).data].join()`);
    };
    await browser.open(url);
    assert.equal(await paper(), 'rgb(255, 255, 255)');
    const light = await ink();
    await browser.open(url, { dark: true });
    assert.equal(await paper(), 'rgb(19, 23, 27)');
    assert.notEqual(await ink(), light);
    await browser.run("document.querySelector('[data-choice=light]').click()");
    assert.equal(await paper(), 'rgb(255, 255, 255)');
    assert.equal(await ink(), light);
    await browser.run('localStorage.clear()');
    await browser.open(`${url}#dark`);
    assert.equal(await paper(), 'rgb(19, 23, 27)');
    await browser.run('localStorage.clear()');
  });

  test('dragging zooms all charts over time, and a double click shows the whole run', async () => {
    await browser.open(write('run.html', sampleDocument()));
    const range = () => text('.range-text');
    assert.equal(await range(), '0 – 2:47');
    const box = await clickable('#utilisation .u-over');
    await browser.drag(box.left + box.width * 0.25, box.left + box.width * 0.5, box.top + 30);
    assert.match(await range(), /^0:4[12] – 1:2[34]$/);
    assert.equal(await browser.run("document.querySelector('#queue button.quiet').hidden"), false);
    const gantt = await clickable('.gantt');
    for (const clickCount of [1, 2]) {
      const press = { button: 'left', clickCount };
      await browser.mouse('mousePressed', gantt.left + 50, gantt.top + 40, press);
      await browser.mouse('mouseReleased', gantt.left + 50, gantt.top + 40, press);
    }
    await browser.settle();
    assert.equal(await range(), '0 – 2:47');
  });

  test('the wheel scrolls the page until the Gantt chart has the focus', async () => {
    await browser.open(write('run.html', sampleDocument()), { height: 600 });
    const box = await clickable('.gantt');
    const turn = (deltaY) =>
      browser.run(`(() => {
      const event = new WheelEvent('wheel', {
        deltaY: ${deltaY}, clientX: ${box.left + 200}, clientY: ${box.top + 40},
        cancelable: true, bubbles: true,
      });
      document.querySelector('.gantt').dispatchEvent(event);
      return event.defaultPrevented;
    })()`);
    assert.equal(await turn(-400), false);
    await browser.run("document.querySelector('.gantt').focus()");
    assert.equal(await turn(-400), true);
    await browser.settle();
    assert.notEqual(await text('.range-text'), '0 – 2:47');
  });

  test('pointing at a bar and stepping with the keys tell about the job', async () => {
    await browser.open(write('run.html', sampleDocument()));
    const box = await clickable('.gantt');
    await browser.mouse('mouseMoved', box.left + (box.width - 10) * (125 / 10000), box.top + 30);
    await browser.settle();
    assert.match(
      await text('.tip'),
      /^Job 3completed.*cores2ondesktiercpuwaited5sran50sfrom00:01:40to00:02:30$/,
    );
    await browser.run("document.querySelector('.gantt').focus()");
    await browser.key('ArrowRight');
    assert.match(
      await text('#gantt .readout'),
      /^Job 4 stopped at its time limit · cores 2 · on rack/,
    );
    await browser.key('Escape');
    await browser.key('+');
    assert.notEqual(await text('.range-text'), '0 – 2:47');
    await browser.key('Home');
    assert.equal(await text('.range-text'), '0 – 2:47');
  });

  test('a job is found by its number', async () => {
    await browser.open(write('run.html', sampleDocument()));
    const find = async (job) => {
      await browser.run(
        `document.querySelector('#job-number').value = '${job}';
         document.querySelector('.finder').requestSubmit()`,
      );
      await browser.settle();
    };
    await find(77);
    assert.match(await text('#gantt .readout'), /^Job 77 /);
    await find(9999);
    assert.equal(await text('.finder .answer'), 'job 9999 is not drawn');
  });

  test('arrow keys read the values of a chart aloud', async () => {
    await browser.open(write('run.html', sampleDocument()));
    await browser.run("document.querySelector('#utilisation .plot').focus()");
    await browser.key('ArrowRight');
    assert.match(await text('#utilisation .readout'), /^from 0\d:\d\d:\d\d: mean 25.0 %$/);
    assert.equal(
      await browser.run(
        "document.querySelector('#utilisation .readout').getAttribute('aria-live')",
      ),
      'polite',
    );
  });

  test('every chart has a table beside it', async () => {
    await browser.open(write('run.html', sampleDocument()));
    await browser.run(
      "document.querySelectorAll('details').forEach((node) => { node.open = true; })",
    );
    await browser.settle();
    assert.equal(await browser.run("document.querySelectorAll('details table').length"), 4);
    assert.match(await text('#waiting details'), /95 %1m60/);
  });

  test('a run that was not validated has no sections on trust and money', async () => {
    await browser.open(write('run.html', sampleDocument()));
    const shown = (id) => browser.run(`document.getElementById('${id}').offsetHeight > 0`);
    assert.deepEqual(
      [await shown('trust'), await shown('money'), await shown('gantt')],
      [false, false, true],
    );
    assert.equal(await browser.run("document.querySelectorAll('nav a:not([hidden])').length"), 6);
  });

  test('a validated run tells of copies, wrong results, reputation and money', async () => {
    for (const dark of [false, true]) {
      await browser.open(write('validated.html', validatedDocument()), { dark });
      assert.deepEqual(browser.complaints(), []);
    }
    assert.equal(await browser.run("document.querySelectorAll('nav a:not([hidden])').length"), 8);
    assert.equal(await browser.run("document.querySelectorAll('#trust .uplot').length"), 3);
    assert.match(await text('#trust .lead'), /^Of 200 jobs with a verdict, 1 result/);
    assert.match(await text('#trust .figures'), /Honest but convicted1of 40 nodes/);
    assert.match(await text('.behaviours tbody tr'), /●colluder8972012 ?3/);
    assert.equal(
      await text('#trust .chart:last-of-type .readout'),
      'at the end: hostile 0.50, others 0.75',
    );
    assert.match(await text('.profit tbody tr'), /●colluder8100500−400−50/);
    assert.equal(
      await browser.run(
        "document.querySelector('.profit svg[role=img]').getAttribute('aria-label')",
      ),
      'loss of 50 per node',
    );
    assert.equal(await browser.run("document.querySelectorAll('.flow .stream').length"), 4);
    assert.equal(await text('.flow .stream title'), 'users to honest: 6,000 credits, 92.3 %');
  });

  test('a loss is drawn to the left of the line and a profit to the right', async () => {
    await browser.open(write('validated.html', validatedDocument()));
    const bars = await browser.run(`[...document.querySelectorAll('.profit svg[role=img]')].map(
      (svg) => ['rect', '.zero'].map((part) => svg.querySelector(part).getBoundingClientRect())
        .map(({ left, right }) => [left, right]))`);
    const middle = ([left, right]) => (left + right) / 2;
    const [[loss, zero], [profit]] = bars;
    assert.ok(Math.abs(loss[1] - middle(zero)) < 1.5 && loss[0] < loss[1] - 10);
    assert.ok(Math.abs(profit[0] - middle(zero)) < 1.5 && profit[1] > profit[0] + 10);
  });

  test('the values of the charts on trust are read with the keys, and they zoom', async () => {
    await browser.open(write('validated.html', validatedDocument()));
    await browser.run("document.querySelectorAll('#trust .plot')[1].focus()");
    await browser.key('ArrowRight');
    assert.match(
      await browser.run("document.querySelectorAll('#trust .readout')[1].textContent"),
      /^jobs from 0\d:\d\d:\d\d: 0 % at first, 0 % in the end$/,
    );
    await browser.key('+');
    assert.notEqual(await text('.range-text'), '0 – 2:47');
  });

  test('a copy of a job says what became of it, and its bar is in the colour for that', async () => {
    await browser.open(write('validated.html', validatedDocument()));
    const box = await clickable('.gantt');
    const at = (start) => box.left + (box.width - 10) * (start / 10000);
    await browser.mouse('mouseMoved', at(125), box.top + 30);
    await browser.settle();
    assert.match(await text('.tip'), /^Job 2, copy 1wrong, not found outcopies2cores2ondesk/);
    const painted = (x) =>
      browser.run(`[...document.querySelector('.gantt canvas').getContext('2d')
        .getImageData(${Math.round(x - box.left)}, 30, 1, 1).data].slice(0, 3).join()`);
    assert.equal(await painted(at(125)), '27,33,39');
    assert.equal(await painted(at(225)), '138,148,158');
    assert.equal(await browser.run("document.querySelectorAll('#gantt .legend > span').length"), 6);
  });

  test('the charts of a validated run have tables beside them, and fit a narrow screen', async () => {
    await browser.open(write('validated.html', validatedDocument()), { width: 400 });
    assert.equal(await browser.run('document.documentElement.scrollWidth'), 400);
    await browser.run(
      "document.querySelectorAll('details').forEach((node) => { node.open = true; })",
    );
    await browser.settle();
    assert.match(await text('#trust details tbody tr'), /^00:00:002.12550 %25 %0.2500.000$/);
    assert.match(await text('#money details tbody'), /studentsplatform fee0.5/);
    assert.equal(await browser.run('document.documentElement.scrollWidth'), 400);
  });

  test('fits a screen of 400 pixels', async () => {
    await browser.open(write('run.html', sampleDocument()), { width: 400 });
    assert.equal(await browser.run('document.documentElement.scrollWidth'), 400);
    assert.deepEqual(browser.complaints(), []);
  });

  test('shows a run without jobs', async () => {
    await browser.open(write('empty.html', emptyDocument()));
    assert.deepEqual(browser.complaints(), []);
    assert.equal(await text('.lead'), 'The workload holds no job.');
    assert.equal(await browser.run("document.querySelectorAll('.empty').length"), 5);
  });

  test('says so when the file was cut off', async () => {
    await browser.open(
      write('cut.html', samplePage(sampleDocument()).replace('"provenance"', '"prov')),
    );
    assert.match(await text('.notice'), /cannot be shown/);
  });

  test('prints on white, whatever the screen shows', async () => {
    await browser.open(write('run.html', sampleDocument()), { dark: true });
    await browser.run(`addEventListener('beforeprint', () => {
      window.printed = [
        getComputedStyle(document.body).backgroundColor,
        document.querySelector('.gantt canvas').style.width,
      ];
    })`);
    const { data } = await browser.send('Page.printToPDF', {});
    assert.equal(Buffer.from(data, 'base64').subarray(0, 5).toString(), '%PDF-');
    assert.deepEqual(await browser.run('window.printed'), ['rgb(255, 255, 255)', '680px']);
    assert.equal(
      await browser.run('getComputedStyle(document.body).backgroundColor'),
      'rgb(19, 23, 27)',
    );
  });
});
