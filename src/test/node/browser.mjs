// Chromium: the whole login as people do it, with everything that a page of the server's own origin must be.
import { mkdirSync } from 'node:fs';
import { Callback } from './lib/callback.mjs';
import { launch } from './lib/chromium.mjs';
import { answer, buttonOf, keyboard, kindOf, mouse } from './lib/hands.mjs';
import { OAuthClient } from './lib/oauth-client.mjs';
import { PageChecks } from './lib/page-checks.mjs';
import { argumentsOr, expect, run, step } from './lib/steps.mjs';

const NARROW = { width: 320, height: 640 };

const stories = {
  light: (lab) => lab.logIn({ colorScheme: 'light' }),
  dark: (lab) => lab.logIn({ colorScheme: 'dark' }),
  narrow: (lab) => lab.logIn({ viewport: NARROW, colorScheme: 'light' }),
  'narrow-dark': (lab) => lab.logIn({ viewport: NARROW, colorScheme: 'dark' }),
  noscript: (lab) => lab.logIn({ javaScriptEnabled: false }),
  keyboard: (lab) => lab.logIn({}, { hand: keyboard, refusalFirst: true }),
  deny: (lab) => lab.logIn({}, { deny: true }),
  back: (lab) => lab.goBack(),
  replay: (lab) => lab.replay(),
  tabs: (lab) => lab.twoTabs(),
};

const given = argumentsOr({
  mcp: undefined,
  user: 'alice',
  password: 'wonderland',
  shots: '',
  only: '',
  csp: "default-src 'none'; style-src 'self'; img-src 'self'; frame-ancestors 'none'; base-uri 'none'",
  chromium: process.env.CHROMIUM ?? '/usr/bin/chromium',
});

async function tell(name, lab) {
  try {
    step(name, await stories[name](lab));
  } catch (failure) {
    await lab.shoot('failed').catch(() => {});
    throw new Error(`${name}: ${failure.message}`, { cause: failure.cause });
  } finally {
    await lab.context?.close();
  }
}

/** One browser profile and what was seen in it. */
class Lab {
  #shots = 0;

  constructor(name, browser, client, callback) {
    Object.assign(this, { name, browser, client, callback, origin: new URL(client.as.issuer).origin });
  }

  async logIn(profile, how = {}) {
    await this.#start(profile);
    const request = await this.client.request();
    const seen = await this.#walk(this.page, request.url, how);
    const arrived = await this.callback.next();
    if (how.deny) this.client.refused(arrived, request, 'access_denied');
    else await this.client.redeem(arrived, request);
    return { seen, ...(await this.checks.conclude()) };
  }

  // Back to each page of the login, and forward again by its button: no page may break, no second code may come.
  async goBack() {
    await this.#start();
    const request = await this.client.request();
    await this.#walk(this.page, request.url);
    await this.client.redeem(await this.callback.next(), request);
    const visited = [];
    while (await this.#backOne()) {
      await this.#record(visited, await kindOf(this.page));
    }
    if (this.checks.isOwn(this.page.url()) && (await kindOf(this.page)) === 'consent') {
      await answer(this.page, mouse, 'consent', given);
      await this.#record(visited, await kindOf(this.page));
    }
    return { visited: visited.map((page) => page.kind), ...(await this.checks.conclude()) };
  }

  // The upstream's answer, opened a second time in the same browser.
  async replay() {
    await this.#start();
    let upstreamAnswer;
    this.page.on('request', (request) => {
      const { origin, searchParams } = new URL(request.url());
      if (origin === this.origin && searchParams.has('code') && searchParams.has('state')) upstreamAnswer = request.url();
    });
    const request = await this.client.request();
    await this.#walk(this.page, request.url);
    await this.client.redeem(await this.callback.next(), request);
    expect(upstreamAnswer, 'no answer of an upstream was seen');
    const again = await this.page.goto(upstreamAnswer);
    expect(this.checks.isOwn(this.page.url()), 'a replayed answer of the upstream reached the client again');
    const seen = [];
    await this.#record(seen, 'replayed');
    return { status: again.status(), seen, ...(await this.checks.conclude()) };
  }

  async twoTabs() {
    await this.#start();
    const other = await this.context.newPage();
    const [first, second] = [await this.client.request(), await this.client.request()];
    await this.page.goto(first.url);
    await other.goto(second.url);
    await answer(this.page, mouse, await kindOf(this.page), given);
    await answer(other, mouse, await kindOf(other), given);
    await this.#walk(this.page, undefined);
    await this.client.redeem(await this.callback.next(), first);
    await this.#walk(other, undefined);
    await this.client.redeem(await this.callback.next(), second);
    return this.checks.conclude();
  }

  async shoot(what, page = this.page) {
    if (given.shots) await page.screenshot({ path: `${given.shots}/${this.name}-${++this.#shots}-${what}.png`, fullPage: true });
  }

  async #start(profile = {}) {
    this.context = await this.browser.newContext({ locale: 'en-GB', ...profile });
    this.context.setDefaultTimeout(60_000);
    this.page = await this.context.newPage();
    this.checks = new PageChecks(this.page, this.origin, given.csp);
  }

  async #walk(page, start, { hand = mouse, deny = false, refusalFirst = false } = {}) {
    if (start) await page.goto(start);
    const seen = [];
    for (let pages = 0; pages < 8; pages++) {
      if (page.url().startsWith(this.callback.url)) {
        await this.shoot('end', page);
        return seen;
      }
      const kind = await kindOf(page);
      expect(kind !== 'message', `stuck at ${page.url().split('?')[0]}: ${await page.locator('body').innerText()}`);
      await this.#record(seen, kind, page);
      if (kind === 'consent' && this.checks.isOwn(page.url())) await this.#judgeConsent(page, refusalFirst);
      await answer(page, hand, kind, { ...given, deny });
    }
    throw new Error('the login does not end');
  }

  async #record(list, kind, page = this.page) {
    list.push({ kind, own: this.checks.isOwn(page.url()), ...(await this.checks.look(page)) });
    await this.shoot(kind, page);
  }

  // The person must see where the code goes, and must find "no" as easily as "yes".
  async #judgeConsent(page, refusalFirst) {
    const text = await page.locator('body').innerText();
    expect(text.includes(new URL(this.callback.url).hostname), 'the consent page does not show the redirect host');
    const [no, yes] = [await buttonOf(page, true), await buttonOf(page, false)];
    expect(no, 'the consent page has no button to refuse');
    const [small, large] = [await no.boundingBox(), await yes.boundingBox()];
    expect(Math.abs(small.height - large.height) < 2, 'the two buttons of the consent page differ in height');
    if (!refusalFirst) return;
    const isFirst = await no.evaluate((a, b) => Boolean(a.compareDocumentPosition(b) & Node.DOCUMENT_POSITION_FOLLOWING),
      await yes.elementHandle());
    expect(isFirst, 'the button to refuse does not come first in tab order');
  }

  async #backOne() {
    await this.page.goBack({ waitUntil: 'load' });
    return this.page.url() !== 'about:blank';
  }
}

await run(async () => {
  if (given.shots) mkdirSync(given.shots, { recursive: true });
  const callback = await Callback.listen();
  const client = await OAuthClient.register(given.mcp, callback.url);
  step('registered', { issuer: client.as.issuer, resource: client.resource.resource });
  const host = new URL(given.mcp).hostname;
  const browser = await launch(given.chromium, host);
  try {
    step('browser', { version: browser.version() });
    const chosen = given.only ? given.only.split(',') : Object.keys(stories);
    for (const name of chosen) {
      expect(stories[name], `there is no story ${name}`);
      await tell(name, new Lab(name, browser, client, callback));
    }
  } finally {
    await browser.close();
    callback.close();
  }
});
