import { expect } from './steps.mjs';

const STACK = /\bat [\w.$<>]+\([\w.]+(:\d+)?\)|\b\w+(\.\w+)+Exception\b|Caused by:|Traceback|Internal Server Error/;

/** What every page, redirect and cookie of the server's own origin must look like; others' pages are not judged. */
export class PageChecks {
  #pending = [];
  #complaints = [];
  pages = 0;
  cookies = new Set();

  constructor(page, origin, policy) {
    Object.assign(this, { origin, policy: directives(policy) });
    page.on('response', (response) => this.#pending.push(this.#judge(response)));
    page.on('request', (request) => this.#judgeRequest(request));
    page.on('console', (message) => {
      if (/Content Security Policy/i.test(message.text()) && this.isOwn(page.url())) this.#complain(page.url(), message.text());
    });
  }

  isOwn(url) {
    return URL.canParse(url) && new URL(url).origin === this.origin;
  }

  /** Looks at what is rendered now. */
  async look(page) {
    const text = await page.locator('body').innerText();
    expect(!STACK.test(text), `${path(page.url())} shows a stack: ${text.slice(0, 200)}`);
    if (!this.isOwn(page.url())) return {};
    const seen = await page.evaluate(facts);
    const where = path(page.url());
    expect(seen.width <= seen.viewport, `${where} is ${seen.width} px wide in a window of ${seen.viewport}`);
    expect(seen.language, `${where} names no language`);
    expect(seen.title.trim(), `${where} has no title`);
    expect(seen.headings === 1, `${where} has ${seen.headings} first-level headings`);
    expect(seen.unlabelled === 0, `${where} has ${seen.unlabelled} fields without a label`);
    expect(seen.contrast >= 4.5, `${where} has text with a contrast of ${seen.contrast}: ${seen.weakest}`);
    return { title: seen.title, contrast: seen.contrast };
  }

  /** Waits for all that was begun and fails with everything that was wrong. */
  async conclude() {
    await Promise.all(this.#pending);
    expect(this.pages > 0, `no page of ${this.origin} was seen`);
    expect(this.#complaints.length === 0, [...new Set(this.#complaints)].join('; '));
    return { pages: this.pages, cookies: [...this.cookies] };
  }

  async #judge(response) {
    if (!this.isOwn(response.url())) return;
    const isNavigation = response.request().isNavigationRequest();
    if (!isNavigation && response.status() >= 400) this.#complain(response.url(), `answers ${response.status()}`);
    if (!isNavigation) return;
    const headers = await response.allHeaders().catch(() => response.headers());
    const wrong = (what) => this.#complain(response.url(), what);
    if (!/\bno-store\b/.test(headers['cache-control'] ?? '')) wrong(`Cache-Control is ${headers['cache-control']}`);
    if (headers['x-content-type-options'] !== 'nosniff') wrong('X-Content-Type-Options is missing');
    for (const line of (headers['set-cookie'] ?? '').split('\n').filter(Boolean)) this.#judgeCookie(line, wrong);
    if (response.status() >= 500) wrong(`answers ${response.status()}`);
    if (!/^text\/html/.test(headers['content-type'] ?? '') || (response.status() >= 300 && response.status() < 400)) return;
    this.pages++;
    if (headers['referrer-policy'] !== 'same-origin') wrong(`Referrer-Policy is ${headers['referrer-policy']}`);
    const policy = directives(headers['content-security-policy'] ?? '');
    if (String(policy) !== String(this.policy)) wrong(`Content-Security-Policy is ${policy.join('; ') || 'missing'}`);
  }

  #judgeCookie(line, wrong) {
    const [pair, ...attributes] = line.split(';').map((part) => part.trim());
    const name = pair.split('=')[0];
    this.cookies.add(name);
    const flags = attributes.map((attribute) => attribute.toLowerCase());
    if (!flags.includes('httponly')) wrong(`cookie ${name} is not HttpOnly`);
    if (!flags.includes('samesite=lax') && !flags.includes('samesite=strict')) wrong(`cookie ${name} has no SameSite`);
    const isSecure = this.origin.startsWith('https:');
    if (isSecure && !(flags.includes('secure') && name.startsWith('__Host-'))) wrong(`cookie ${name} is not __Host- and Secure`);
  }

  #judgeRequest(request) {
    if (request.isNavigationRequest() || !this.isOwn(request.frame().url())) return;
    if (!this.isOwn(request.url()) && !request.url().startsWith('data:')) {
      this.#complain(request.frame().url(), `asks ${new URL(request.url()).origin} for something`);
    }
  }

  #complain(url, what) {
    this.#complaints.push(`${path(url)}: ${what}`);
  }
}

function directives(policy) {
  return policy.split(';').map((directive) => directive.trim()).filter(Boolean).sort();
}

function path(url) {
  return new URL(url).pathname.replace(/[\w-]{20,}/g, ':id');
}

// Runs in the page.
function facts() {
  const brush = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const rgba = (colour) => {
    brush.clearRect(0, 0, 1, 1);
    brush.fillStyle = colour;
    brush.fillRect(0, 0, 1, 1);
    return brush.getImageData(0, 0, 1, 1).data;
  };
  const light = (colour) => {
    const [r, g, b] = [...colour].map((part) => part / 255)
      .map((part) => (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const canvas = () => {
    const probe = document.body.appendChild(document.createElement('i'));
    probe.style.backgroundColor = 'Canvas';
    const colour = rgba(getComputedStyle(probe).backgroundColor);
    probe.remove();
    return colour;
  };
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = rgba(getComputedStyle(at).backgroundColor);
      if (colour[3] === 255) return colour;
    }
    return canvas();
  };
  let contrast = 21;
  let weakest = '';
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    if (!texts.currentNode.data.trim() || !element.checkVisibility() || element.disabled) continue;
    const [a, b] = [light(rgba(getComputedStyle(element).color)), light(behind(element))].sort((x, y) => y - x);
    const ratio = Math.round(((a + 0.05) / (b + 0.05)) * 10) / 10;
    if (ratio < contrast) [contrast, weakest] = [ratio, texts.currentNode.data.trim().slice(0, 40)];
  }
  const fields = [...document.querySelectorAll('input:not([type=hidden]):not([type=submit]), select, textarea')];
  return {
    width: document.documentElement.scrollWidth,
    viewport: innerWidth,
    language: document.documentElement.lang,
    title: document.title,
    headings: document.querySelectorAll('h1').length,
    unlabelled: fields.filter((field) => !field.labels?.length && !field.ariaLabel).length,
    contrast,
    weakest,
  };
}
