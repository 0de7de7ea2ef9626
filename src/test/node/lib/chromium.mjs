import { chromium } from 'playwright-core';

/** Starts a Chromium that reaches nothing but loopback and `host`. */
export function launch(executablePath, host) {
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync',
      `--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost, EXCLUDE ${host}`,
    ],
  });
}
