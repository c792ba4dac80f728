// The access token, where the server asks for one: had by signing in, or pasted. It lives in this tab only and is sent in
// headers only.
import { begin, config, finish, refresh } from './signin.js';

const KEY = 'outrider.token';
const AHEAD_MS = 60000;
let asking = null;
let failed = null;

const held = () => JSON.parse(sessionStorage.getItem(KEY) ?? 'null');
const hold = (token) => sessionStorage.setItem(KEY, JSON.stringify(token));

export const known = () => sessionStorage.getItem(KEY) !== null;

export function headers() {
  const token = held();
  return token === null ? {} : { Authorization: `Bearer ${token.access}` };
}

/** Who the token says it is of, for people to read; null without one. */
export function name() {
  try {
    const [, claims] = held().access.split('.');
    const bytes = Uint8Array.from(atob(claims.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));
    const { name, preferred_username: user, sub } = JSON.parse(new TextDecoder().decode(bytes));
    return name ?? user ?? sub ?? null;
  } catch {
    return null;
  }
}

/** Takes what the authority sent back, if the browser comes from there. */
export async function arrive() {
  keep(await finish());
  renewLater();
}

function keep(answer) {
  if (!answer) return;
  failed = answer.error ?? null;
  if (failed) return;
  const seconds = Number(answer.expires_in) || 3600;
  hold({ access: answer.access_token, refresh: answer.refresh_token ?? held()?.refresh, until: Date.now() + seconds * 1000 });
}

/** Before it ends, the token is exchanged for the next, where the authority gave the means. */
function renewLater() {
  const token = held();
  if (!token?.refresh) return;
  setTimeout(async () => {
    keep(await refresh(token.refresh));
    if (!failed) renewLater();
  }, Math.max(1000, token.until - Date.now() - AHEAD_MS));
}

export function forget() {
  sessionStorage.removeItem(KEY);
  location.reload();
}

/** Asks for a token, once for however many requests want one; resolves when there is one. */
export function ask(why) {
  asking ??= config.then((settings) => dialog(why, settings)).finally(() => (asking = null));
  return asking;
}

const element = (tag, properties, ...children) => {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
};

function dialog(why, settings) {
  return new Promise((resolve) => {
    const input = element('input', { type: 'password', name: 'token', required: true, autocomplete: 'off' });
    const paste = element(
      'form',
      { method: 'dialog', className: 'paste' },
      element('label', {}, 'Access token ', input),
      element('button', { className: 'plain' }, 'Use it'),
    );
    const said = element('p', { className: 'error', role: 'alert' }, failed ?? '');
    const box = element('dialog', { ariaLabel: 'Sign in' }, element('h1', {}, 'Sign in'), element('p', {}, why), said);
    if (settings.clientId) {
      const go = element('button', { type: 'button', className: 'primary' }, 'Sign in');
      go.addEventListener('click', () => begin(settings).catch((failure) => (said.textContent = failure.message)));
      box.append(element('p', { className: 'block' }, go), element('details', {}, element('summary', {}, 'Use a token instead'), paste));
    } else {
      box.append(paste);
    }
    document.body.append(box);
    box.addEventListener('cancel', (event) => event.preventDefault());
    box.addEventListener('close', () => {
      hold({ access: input.value.trim() });
      box.remove();
      resolve();
    });
    box.showModal();
  });
}
