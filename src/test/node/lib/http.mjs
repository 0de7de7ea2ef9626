import http from 'node:http';
import https from 'node:https';

const MAX_BODY = 1 << 20;

/** One request and its whole answer, redirects not followed. */
export function exchange(method, url, { headers = {}, body, agent, timeout = 120_000 } = {}) {
  const address = new URL(url);
  const where = `${address.origin}${address.pathname}`;
  const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
  return new Promise((resolve, reject) => {
    const client = address.protocol === 'https:' ? https : http;
    const sent = client.request(address, { method, headers: { ...headers, ...length }, agent }, (answer) => {
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', (part) => {
        text += part;
        if (text.length > MAX_BODY) answer.destroy(new Error(`${where} is larger than ${MAX_BODY} bytes`));
      });
      answer.on('error', reject);
      answer.on('end', () => resolve({ url: address, status: answer.statusCode, headers: answer.headers, body: text }));
    });
    sent.setTimeout(timeout, () => sent.destroy(new Error(`${where} did not answer in ${timeout} ms`)));
    sent.on('error', (failure) => reject(new Error(`${method} ${where}: ${failure.message}`, { cause: failure })));
    sent.end(body);
  });
}
