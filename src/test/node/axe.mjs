// axe-core on every page that a person may meet: each language, light and dark, on a telephone and on a desk.
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Callback } from './lib/callback.mjs';
import { launch } from './lib/chromium.mjs';
import { answer, kindOf, mouse } from './lib/hands.mjs';
import { OAuthClient } from './lib/oauth-client.mjs';
import { argumentsOr, expect, run, step } from './lib/steps.mjs';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const LANGUAGES = ['en', 'de', 'ja'];
const VIEWS = ['light', 'dark'].flatMap((colorScheme) => [320, 1280].map((width) => ({ colorScheme, width })));
const RULES = {
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  rules: { 'color-contrast-enhanced': { enabled: true } },
  resultTypes: ['violations', 'incomplete'],
};

const given = argumentsOr({
  mcp: undefined,
  user: 'alice',
  password: 'wonderland',
  more: '', // further addresses, with commas between them
  shots: '',
  'shots-of': '', // one language; else all
  chromium: process.env.CHROMIUM ?? '/usr/bin/chromium',
});

/** A browser profile whose pages are expected in one language. */
class Reader {
  constructor(language, context, page, tally) {
    Object.assign(this, { language, context, page, tally });
  }

  static async open(browser, language, tally, locale = language) {
    const context = await browser.newContext({ locale, bypassCSP: true });
    context.setDefaultTimeout(60_000);
    return new Reader(language, context, await context.newPage(), tally);
  }

  /** Does something with a reader, who is gone afterwards. */
  static async with(reader, deed) {
    try {
      await deed(reader);
    } finally {
      await reader.context.close();
    }
  }

  /** The whole login in the language that the client asks for, whatever the browser's is. */
  async logIn(client, callback) {
    let upstreamAnswer;
    this.page.on('request', (request) => {
      const { origin, searchParams } = new URL(request.url());
      const isOurs = origin === new URL(client.as.issuer).origin;
      if (isOurs && searchParams.has('code') && searchParams.has('state')) upstreamAnswer = request.url();
    });
    const request = await client.request({ ui_locales: this.language });
    await this.page.goto(request.url);
    for (let pages = 0; !this.page.url().startsWith(callback.url); pages++) {
      expect(pages < 4, 'the login does not end');
      const kind = await kindOf(this.page);
      await this.judge(kind, kind === 'login' ? 'en' : this.language);
      await answer(this.page, mouse, kind, given);
    }
    await client.redeem(await callback.next(), request);
    await this.judgeAt('finished', upstreamAnswer);
  }

  async judgeAt(name, url, language = this.language) {
    await this.page.goto(url);
    await this.judge(name, language);
  }

  /** Fails with everything that axe-core finds in any view, and with a page wider than its window. */
  async judge(name, language) {
    const found = await this.page.evaluate(() => document.documentElement.lang);
    expect(found === language, `${name} is in ${found}, not in ${language}`);
    await this.page.addScriptTag({ path: AXE });
    const undecided = new Set();
    for (const { colorScheme, width } of VIEWS) {
      const view = `${name} ${language} ${colorScheme} ${width}`;
      await this.page.emulateMedia({ colorScheme });
      await this.page.setViewportSize({ width, height: 800 });
      const { violations, incomplete, widest } = await this.page.evaluate(examine, RULES);
      if (given.shots && [language, ''].includes(given['shots-of'])) {
        await this.page.screenshot({ path: `${given.shots}/${view.replaceAll(' ', '-')}.png`, fullPage: true });
      }
      expect(violations.length === 0, `${view}: ${violations.join('; ')}`);
      expect(widest <= width, `${view}: the page is ${widest} px wide`);
      incomplete.forEach((rule) => undecided.add(rule));
      this.tally.views++;
    }
    step(name, { language, ...(undecided.size && { undecided: [...undecided] }) });
  }
}

// Runs in the page.
async function examine(rules) {
  const { violations, incomplete } = await globalThis.axe.run(document, rules);
  const tell = ({ id, nodes }) => `${id} (${nodes.map((node) => `${node.target}: ${node.any[0]?.message ?? node.html}`).join(', ')})`;
  return {
    violations: [...violations, ...incomplete.filter(({ id }) => id.startsWith('color-contrast'))].map(tell),
    incomplete: incomplete.map(({ id }) => id),
    widest: document.documentElement.scrollWidth,
  };
}

async function readAll(browser, language, client, callback, tally) {
  const other = LANGUAGES.find((one) => one !== language);
  await Reader.with(await Reader.open(browser, language, tally, other), (reader) => reader.logIn(client, callback));
  await Reader.with(await Reader.open(browser, language, tally), async (reader) => {
    await reader.judgeAt('unknown-client', `${client.as.authorization_endpoint}?client_id=nobody`);
    await reader.judgeAt('malformed', `${client.as.authorization_endpoint}?client_id=nobody&x=%`);
  });
}

async function readMore(browser, url, tally) {
  const { pathname, searchParams } = new URL(url);
  const reader = await Reader.open(browser, searchParams.get('ui_locales') ?? 'en', tally);
  await Reader.with(reader, () => reader.judgeAt(`more${pathname.replaceAll('/', '-')}`, url));
}

await run(async () => {
  if (given.shots) mkdirSync(given.shots, { recursive: true });
  const callback = await Callback.listen();
  const client = await OAuthClient.register(given.mcp, callback.url);
  const browser = await launch(given.chromium, new URL(given.mcp).hostname);
  const tally = { views: 0 };
  try {
    for (const language of LANGUAGES) await readAll(browser, language, client, callback, tally);
    for (const url of given.more.split(',').filter(Boolean)) await readMore(browser, url, tally);
    step('judged', tally);
  } finally {
    await browser.close();
    callback.close();
  }
});
