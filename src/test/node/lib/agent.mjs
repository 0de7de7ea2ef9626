import { CookieJar } from './cookies.mjs';
import { formsOf } from './forms.mjs';
import { exchange } from './http.mjs';

const MAX_HOPS = 30;

/**
 * A person at a browser without a screen: follows redirects, fills login forms and presses buttons.
 *
 * It sends what a browser sends with a navigation (cookies by SameSite, Origin, Sec-Fetch-*), so that a server that
 * looks at them is tested and not bypassed.
 */
export class UserAgent {
  jar = new CookieJar();
  /** Every request so far: method, url, status, site. */
  hops = [];

  /** `choose` is the button that is pressed on a page where there is one of these words. */
  constructor({ user = 'alice', password = 'wonderland', deny = false, choose, httpAgent, headers = {} } = {}) {
    Object.assign(this, { user, password, deny, choose, httpAgent, headers });
  }

  /**
   * Opens `start` and goes on until `callback` is reached.
   *
   * @returns the callback's whole URL; it is also requested unless `land` is false
   */
  async login(start, callback, { land = true } = {}) {
    return this.#goOn({ method: 'GET', url: new URL(start), chain: [], origin: undefined }, callback, land);
  }

  /** The same from a page on, whose button with these words is pressed. */
  async press(page, words, callback, { land = true } = {}) {
    return this.#goOn(this.#press({ ...page, status: 200 }, words), callback, land);
  }

  async #goOn(start, callback, land) {
    let next = start;
    for (let hop = 0; hop < MAX_HOPS; hop++) {
      if (reaches(next.url, callback)) {
        if (land) await this.#send(next);
        return next.url;
      }
      const page = await this.#send(next);
      next = isRedirect(page) ? follow(next, page) : this.#press(page);
    }
    throw new Error(`no end after ${MAX_HOPS} requests; the last was ${next.url.origin}${next.url.pathname}`);
  }

  /** One navigation, redirects not followed. */
  async open(url) {
    return this.#send({ method: 'GET', url: new URL(url), chain: [], origin: undefined });
  }

  #press(page, words = this.choose) {
    const where = `${page.url.origin}${page.url.pathname}`;
    if (page.status !== 200) throw new Error(`${where} answered ${page.status}: ${textOf(page.body)}`);
    const forms = formsOf(page.body);
    const form = forms.find((f) => f.fields.some((field) => field.type === 'password'))
      ?? forms.find((f) => f.button(this.deny));
    if (!form) throw new Error(`${where} has no form to go on with: ${textOf(page.body)}`);
    const isLogin = form.fields.some((field) => field.type === 'password');
    const button = (!isLogin && words && form.named(words)) || form.button(this.deny && !isLogin);
    const body = form.filled({ user: this.user, password: this.password, button });
    const url = new URL(button?.action ?? form.action ?? page.url, page.url);
    const origin = originSent(page, url);
    if (form.method === 'POST') return { method: 'POST', url, body: String(body), chain: [], origin, from: page.url };
    url.search = String(body);
    return { method: 'GET', url, chain: [], from: page.url };
  }

  async #send(request) {
    const { method, url, body } = request;
    const site = siteOf(request);
    const cookie = this.jar.header(url, method, site);
    const headers = {
      'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) KeyturnTests/1.0',
      accept: 'text/html,application/xhtml+xml,*/*;q=0.8',
      'accept-language': 'en',
      'sec-fetch-dest': 'document',
      'sec-fetch-mode': 'navigate',
      'sec-fetch-site': site,
      ...(cookie && { cookie }),
      ...(body !== undefined && { 'content-type': 'application/x-www-form-urlencoded', origin: request.origin }),
      ...this.headers,
    };
    const page = await exchange(method, url, { headers, body, agent: this.httpAgent });
    this.jar.take(url, page.headers['set-cookie']);
    this.hops.push({ method, url: url.href, status: page.status, site });
    return page;
  }
}

function reaches(url, callback) {
  const wanted = new URL(callback);
  return url.origin === wanted.origin && url.pathname === wanted.pathname;
}

function isRedirect(page) {
  return page.status >= 300 && page.status < 400 && page.headers.location !== undefined;
}

function follow(request, page) {
  const url = new URL(page.headers.location, page.url);
  const chain = [...request.chain, request.url];
  const kept = page.status === 307 || page.status === 308;
  return kept ? { ...request, url, chain, origin: 'null' } : { method: 'GET', url, chain, from: request.from };
}

// Fetch Metadata: the worst relation between the page that started it and any address on the way.
function siteOf({ from, chain, url }) {
  if (!from) return 'none';
  const all = [...chain, url];
  if (all.some((to) => to.protocol !== from.protocol || to.hostname !== from.hostname)) return 'cross-site';
  return all.some((to) => to.origin !== from.origin) ? 'same-site' : 'same-origin';
}

// A form on a page with `no-referrer` posts `Origin: null`, as browsers do.
function originSent(page, target) {
  const policy = (page.headers['referrer-policy'] ?? '').split(',').pop().trim().toLowerCase();
  const hidden = policy === 'no-referrer' || (policy === 'same-origin' && target.origin !== page.url.origin);
  return hidden ? 'null' : page.url.origin;
}

function textOf(html) {
  return html.replace(/<(style|script|head)\b[\s\S]*?<\/\1>/gi, ' ').replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ').trim().slice(0, 200);
}
