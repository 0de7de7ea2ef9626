import http from 'node:http';

const PAGE = '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
  + '<title>Back at the client</title><h1>Back at the client</h1><p>This window can be closed.</p></html>';

/** A client's loopback redirect endpoint on a free port, as native applications open it (RFC 8252, section 7.3). */
export class Callback {
  #server;
  #waiting = [];
  #arrived = [];

  static async listen(path = '/callback') {
    const callback = new Callback();
    callback.#server = http.createServer((request, response) => callback.#answer(request, response));
    await new Promise((listening) => callback.#server.listen(0, '127.0.0.1', listening));
    callback.path = path;
    callback.url = `http://127.0.0.1:${callback.#server.address().port}${path}`;
    return callback;
  }

  /** The next callback that has not been asked for yet. */
  next(timeoutMs = 120_000) {
    const arrived = this.#arrived.shift();
    if (arrived) return Promise.resolve(arrived);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`the callback was not reached in ${timeoutMs} ms`)), timeoutMs);
      this.#waiting.push((url) => { clearTimeout(timer); resolve(url); });
    });
  }

  close() {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  #answer(request, response) {
    const url = new URL(request.url, this.url);
    const expected = url.pathname === this.path;
    response.writeHead(expected ? 200 : 404, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' });
    response.end(expected ? PAGE : '');
    if (!expected) return;
    const waiting = this.#waiting.shift();
    if (waiting) waiting(url);
    else this.#arrived.push(url);
  }
}
