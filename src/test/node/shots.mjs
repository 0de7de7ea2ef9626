// Pictures of pages: each light, dark, and 320 px wide.
import { mkdirSync } from 'node:fs';
import { launch } from './lib/chromium.mjs';
import { argumentsOr, run, step } from './lib/steps.mjs';

const VIEWS = {
  light: { colorScheme: 'light', viewport: { width: 720, height: 480 } },
  dark: { colorScheme: 'dark', viewport: { width: 720, height: 480 } },
  narrow: { colorScheme: 'light', viewport: { width: 320, height: 480 } },
};

const given = argumentsOr({
  pages: undefined, // addresses, with commas between them; the path becomes the name
  to: undefined,
  chromium: process.env.CHROMIUM ?? '/usr/bin/chromium',
});

await run(async () => {
  const addresses = given.pages.split(',');
  mkdirSync(given.to, { recursive: true });
  const browser = await launch(given.chromium, new URL(addresses[0]).hostname);
  try {
    for (const [view, profile] of Object.entries(VIEWS)) {
      const context = await browser.newContext({ locale: 'en', ...profile });
      const page = await context.newPage();
      for (const address of addresses) {
        await page.goto(address);
        const name = new URL(address).pathname.slice(1).replaceAll('/', '-').replaceAll('_', '-');
        await page.screenshot({ path: `${given.to}/${name}-${view}.png`, fullPage: true });
      }
      await context.close();
      step(view, { pages: addresses.length });
    }
  } finally {
    await browser.close();
  }
});
