const USER_FIELD = /^(user(name)?|login|email|identifier)$/i;
const REFUSAL = /\b(cancel|deny|denied|abort|reject|refuse|decline|disallow|no)\b/i;

/** Whether a button's words refuse what the page asks. */
export function refuses(words) {
  return REFUSAL.test(words.replace(/[_-]/g, ' '));
}

/** The forms of a page, in document order. */
export function formsOf(html) {
  const visible = html.replace(/<!--[\s\S]*?-->/g, '');
  return [...visible.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/gi)].map(([, head, inside]) => new Form(head, inside));
}

class Form {
  constructor(head, inside) {
    this.action = attribute(head, 'action');
    this.method = (attribute(head, 'method') ?? 'GET').toUpperCase();
    const inputs = [...inside.matchAll(/<input\b([^>]*)>/gi)].map(([, tag]) => fieldOf(tag, 'text'));
    const buttons = [...inside.matchAll(/<button\b([^>]*)>([\s\S]*?)<\/button>/gi)]
      .map(([, tag, text]) => ({ ...fieldOf(tag, 'submit'), text: text.replace(/<[^>]*>/g, ' ').trim() }));
    this.fields = inputs.filter((field) => field.type !== 'submit' && field.type !== 'image');
    this.submits = [...inputs, ...buttons].filter((field) => field.type === 'submit');
  }

  /** The button to press: the first that refuses, or the first that does not. */
  button(deny) {
    return this.submits.find((b) => refuses(`${b.value} ${b.text ?? ''} ${b.name ?? ''}`) === deny);
  }

  /** The button with these words. */
  named(words) {
    return this.submits.find((b) => words.test(b.text ?? b.value));
  }

  /** What is posted: hidden fields and checked boxes as they are, the login's fields filled in. */
  filled({ user, password, button }) {
    const body = new URLSearchParams();
    for (const { name, type, value, checked } of this.fields) {
      if (!name) continue;
      if (type === 'password') body.append(name, password);
      else if (type === 'checkbox' || type === 'radio') checked && body.append(name, value || 'on');
      else body.append(name, type !== 'hidden' && USER_FIELD.test(name) ? user : value);
    }
    if (button?.name) body.append(button.name, button.value);
    return body;
  }
}

function fieldOf(tag, type) {
  return {
    name: attribute(tag, 'name'),
    type: (attribute(tag, 'type') ?? type).toLowerCase(),
    value: attribute(tag, 'value') ?? '',
    checked: /\schecked\b/i.test(tag),
    action: attribute(tag, 'formaction'),
  };
}

function attribute(tag, name) {
  const found = new RegExp(`(?:^|\\s)${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s"'>]+))`, 'i').exec(tag);
  return found ? decode(found[1] ?? found[2] ?? found[3]) : undefined;
}

const ENTITIES = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function decode(text) {
  return text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (whole, hex, decimal, named) => {
    if (named) return ENTITIES[named.toLowerCase()] ?? whole;
    return String.fromCodePoint(hex ? Number.parseInt(hex, 16) : Number(decimal));
  });
}
