/** The cookies of one browser profile: RFC 6265 as far as a login on a few hosts can tell the difference. */
export class CookieJar {
  #cookies = [];

  /** Takes what an answer from `url` sets, and drops what it expires. */
  take(url, setCookie = []) {
    for (const line of setCookie) {
      const cookie = parse(url, line);
      if (!cookie) continue;
      this.#cookies = this.#cookies.filter(
        (c) => c.name !== cookie.name || c.host !== cookie.host || c.path !== cookie.path);
      if (cookie.expires > Date.now()) this.#cookies.push(cookie);
    }
  }

  /** What a navigation to `url` carries; `site` is its Sec-Fetch-Site. */
  header(url, method, site) {
    return this.#cookies
      .filter((c) => c.expires > Date.now() && belongs(c, url) && crosses(c, method, site))
      .sort((a, b) => b.path.length - a.path.length)
      .map((c) => `${c.name}=${c.value}`)
      .join('; ');
  }

  /** The names that are held for `url`, for assertions. */
  names(url) {
    return this.#cookies.filter((c) => belongs(c, new URL(url))).map((c) => c.name);
  }
}

export function isLoopback(host) {
  return host === 'localhost' || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

function parse(url, line) {
  const [pair, ...rest] = line.split(';').map((part) => part.trim());
  const attributes = Object.fromEntries(rest.map((part) => {
    const at = part.indexOf('=');
    return at < 0 ? [part.toLowerCase(), ''] : [part.slice(0, at).toLowerCase(), part.slice(at + 1)];
  }));
  const cut = pair.indexOf('=');
  if (cut < 1) return undefined;
  const cookie = {
    name: pair.slice(0, cut),
    value: pair.slice(cut + 1),
    host: (attributes.domain ?? '').replace(/^\./, '').toLowerCase() || url.hostname,
    hostOnly: !attributes.domain,
    path: attributes.path?.startsWith('/') ? attributes.path : defaultPath(url),
    secure: 'secure' in attributes,
    sameSite: (attributes.samesite ?? 'lax').toLowerCase(),
    expires: expiry(attributes),
  };
  return isAcceptable(cookie, url) ? cookie : undefined;
}

function isAcceptable(cookie, url) {
  const trustworthy = url.protocol === 'https:' || isLoopback(url.hostname);
  if (cookie.secure && !trustworthy) return false;
  if (cookie.name.startsWith('__Host-') && !(cookie.secure && cookie.hostOnly && cookie.path === '/')) return false;
  if (cookie.name.startsWith('__Secure-') && !cookie.secure) return false;
  if (cookie.sameSite === 'none' && !cookie.secure) return false;
  return domainMatches(cookie, url.hostname);
}

function expiry(attributes) {
  if (/^-?\d+$/.test(attributes['max-age'] ?? '')) return Date.now() + Number(attributes['max-age']) * 1000;
  const date = Date.parse(attributes.expires ?? '');
  return Number.isNaN(date) ? Infinity : date;
}

function belongs(cookie, url) {
  const path = url.pathname;
  const inside = path === cookie.path
    || (path.startsWith(cookie.path) && (cookie.path.endsWith('/') || path[cookie.path.length] === '/'));
  const secured = !cookie.secure || url.protocol === 'https:' || isLoopback(url.hostname);
  return inside && secured && domainMatches(cookie, url.hostname);
}

function domainMatches(cookie, host) {
  return host === cookie.host || (!cookie.hostOnly && host.endsWith(`.${cookie.host}`));
}

function crosses(cookie, method, site) {
  if (site !== 'cross-site' || cookie.sameSite === 'none') return true;
  return cookie.sameSite === 'lax' && method === 'GET';
}

function defaultPath(url) {
  const cut = url.pathname.lastIndexOf('/');
  return cut < 1 ? '/' : url.pathname.slice(0, cut);
}
