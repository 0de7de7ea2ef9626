import { refuses } from './forms.mjs';
import { expect } from './steps.mjs';

const SUBMITS = 'button:not([type=button]):not([type=reset]), input[type=submit]';
const USER_FIELDS = 'input[name=username], input[name=login], input[name=email], input[name=user], input[name=identifier]';

/** A hand on the mouse. */
export const mouse = {
  async fill(page, field, text) {
    await field.fill(text);
  },

  async press(_page, button) {
    await button.click();
  },
};

/** A hand on the keyboard that never leaves it: Tab to the place, type, Enter. */
export const keyboard = {
  async fill(page, field, text) {
    await tabTo(page, field);
    await page.keyboard.press('Control+A');
    await page.keyboard.type(text);
  },

  async press(page, button) {
    await tabTo(page, button);
    await page.keyboard.press('Enter');
  },
};

/** Which of the pages of a login this is. */
export async function kindOf(page) {
  if (await page.locator('input[type=password]').count()) return 'login';
  return (await buttonOf(page, false)) ? 'consent' : 'message';
}

/** Fills what is to be filled, presses the button, and waits for the next page. */
export async function answer(page, hand, kind, { user, password, deny = false }) {
  const moved = page.waitForEvent('framenavigated', { predicate: (frame) => frame === page.mainFrame() });
  moved.catch(() => {});
  if (kind === 'login') {
    await hand.fill(page, page.locator(USER_FIELDS).first(), user);
    await hand.fill(page, page.locator('input[type=password]').first(), password);
  }
  const button = await buttonOf(page, deny && kind === 'consent');
  expect(button, `${page.url()} has no button to ${deny ? 'refuse' : 'go on'}`);
  await hand.press(page, button);
  await moved;
  await page.waitForLoadState('load');
}

/** The first submit button that refuses, or the first that does not. */
export async function buttonOf(page, deny) {
  for (const button of await page.locator(SUBMITS).all()) {
    if (!(await button.isVisible())) continue;
    const words = await button.evaluate((b) => `${b.value ?? ''} ${b.textContent ?? ''} ${b.name ?? ''}`);
    if (refuses(words) === deny) return button;
  }
  return undefined;
}

async function tabTo(page, target) {
  const isThere = () => target.evaluate((element) => element === document.activeElement);
  for (let tabs = 0; tabs < 40; tabs++) {
    if (await isThere()) {
      const ring = await target.evaluate((element) => {
        const { outlineStyle, boxShadow } = getComputedStyle(element);
        return outlineStyle !== 'none' || boxShadow !== 'none' || element.matches('input');
      });
      expect(ring, `the focus on ${page.url()} cannot be seen`);
      return;
    }
    await page.keyboard.press('Tab');
  }
  throw new Error(`${page.url()} has something that Tab does not reach`);
}
