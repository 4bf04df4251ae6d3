// Drives a headless Chromium over its debugging pipe, with nothing but Node.

import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/** The path of an installed Chromium, or null. */
export function findChromium() {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    for (const name of ['chromium', 'chromium-browser', 'google-chrome']) {
      try {
        accessSync(join(folder, name), constants.X_OK);
        return join(folder, name);
      } catch {
        // Not here.
      }
    }
  }
  return null;
}

const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--hide-scrollbars',
  '--remote-debugging-pipe',
];

export class Browser {
  static async start(path) {
    const browser = new Browser();
    browser.profile = await mkdtemp(join(tmpdir(), 'nexa-chromium-'));
    browser.process = spawn(path, [...flags, `--user-data-dir=${browser.profile}`, 'about:blank'], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
    });
    browser.next = 1;
    browser.waiting = new Map();
    browser.events = [];
    let rest = '';
    browser.process.stdio[4].setEncoding('utf8').on('data', (text) => {
      const messages = (rest + text).split('\0');
      rest = messages.pop();
      for (const message of messages) browser.receive(JSON.parse(message));
    });
    const { targetInfos } = await browser.send('Target.getTargets');
    const page = targetInfos.find((target) => target.type === 'page');
    const { sessionId } = await browser.send('Target.attachToTarget', {
      targetId: page.targetId,
      flatten: true,
    });
    browser.session = sessionId;
    for (const domain of ['Page', 'Runtime', 'Log', 'Network'])
      await browser.send(`${domain}.enable`);
    return browser;
  }

  receive(message) {
    if (!message.id) {
      this.events.push(message);
      return;
    }
    const { resolve, reject } = this.waiting.get(message.id) ?? {};
    this.waiting.delete(message.id);
    if (!resolve) return;
    if (message.error) reject(new Error(message.error.message));
    else resolve(message.result);
  }

  send(method, params = {}) {
    const id = this.next++;
    this.process.stdio[3].write(
      `${JSON.stringify({ id, method, params, sessionId: this.session })}\0`,
    );
    return new Promise((resolve, reject) => this.waiting.set(id, { resolve, reject }));
  }

  async open(url, { width = 1280, height = 900, dark = false } = {}) {
    await this.send('Emulation.setDeviceMetricsOverride', {
      width,
      height,
      deviceScaleFactor: 1,
      mobile: false,
    });
    await this.send('Emulation.setEmulatedMedia', {
      features: [{ name: 'prefers-color-scheme', value: dark ? 'dark' : 'light' }],
    });
    await this.send('Page.navigate', { url: 'about:blank' });
    this.events = [];
    await this.send('Page.navigate', { url });
    while (!this.events.some((event) => event.method === 'Page.loadEventFired')) {
      await new Promise((resolve) => {
        setTimeout(resolve, 5);
      });
    }
    await this.settle();
  }

  /** Waits until everything that was scheduled has been drawn. */
  settle() {
    return this.run(
      `new Promise((done) => {
        let frames = 3;
        const next = () => (frames-- > 0 ? requestAnimationFrame(next) : done());
        next();
      })`,
    );
  }

  /** The value of an expression in the page. */
  async run(expression) {
    const { result, exceptionDetails } = await this.send('Runtime.evaluate', {
      expression,
      awaitPromise: true,
      returnByValue: true,
    });
    if (exceptionDetails)
      throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  }

  async mouse(type, x, y, more = {}) {
    await this.send('Input.dispatchMouseEvent', { type, x, y, ...more });
  }

  async drag(x0, x1, y) {
    const button = { button: 'left', buttons: 1, clickCount: 1 };
    await this.mouse('mouseMoved', x0, y);
    await this.mouse('mousePressed', x0, y, button);
    for (let i = 1; i <= 5; i++)
      await this.mouse('mouseMoved', x0 + ((x1 - x0) * i) / 5, y, button);
    await this.mouse('mouseReleased', x1, y, button);
    await this.settle();
  }

  async key(key) {
    const text = key.length === 1 ? key : undefined;
    await this.send('Input.dispatchKeyEvent', { type: 'keyDown', key, text });
    await this.send('Input.dispatchKeyEvent', { type: 'keyUp', key });
    await this.settle();
  }

  /** What the page complained about, and what it asked the network for. */
  complaints() {
    const shown = {
      'Runtime.exceptionThrown': (p) => p.exceptionDetails.exception?.description,
      'Runtime.consoleAPICalled': (p) =>
        `console.${p.type}: ${p.args.map((a) => a.value).join(' ')}`,
      'Log.entryAdded': (p) => p.entry.text,
    };
    return this.events
      .filter((event) => shown[event.method])
      .map((event) => shown[event.method](event.params));
  }

  requests() {
    return this.events
      .filter((event) => event.method === 'Network.requestWillBeSent')
      .map((event) => event.params.request.url.slice(0, 60));
  }

  async screenshot() {
    const { data } = await this.send('Page.captureScreenshot', { format: 'png' });
    return Buffer.from(data, 'base64');
  }

  async close() {
    const ended = new Promise((resolve) => {
      this.process.once('exit', resolve);
    });
    this.process.stdio[3].write(
      `${JSON.stringify({ id: this.next++, method: 'Browser.close' })}\0`,
    );
    await ended;
    await rm(this.profile, { recursive: true, force: true, maxRetries: 5 });
  }
}
