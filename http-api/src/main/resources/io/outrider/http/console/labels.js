// What the analyst says of alerts. A verdict waits five seconds before it is sent, so that `z` takes it back; leaving the
// page sends it at once. "Unsure" sets the alert aside in this browser and is never sent: it is no verdict.
import * as api from './api.js';
import { paid } from './format.js';
import { h, replace, shortened } from './dom.js';
import { name } from './token.js';

const UNDO_MS = 5000;
const WORDS = { fraud: 'Confirmed fraud', genuine: 'False alarm', unsure: 'Set aside as unsure' };
const said = new Map();
const waiting = new Map();
const listeners = new Set();
let last = null;

export const verdictOf = (alert) => said.get(alert.id)?.verdict ?? (alert.label?.verdict || null);
export const wordOf = (verdict) => ({ fraud: 'fraud', genuine: 'false alarm', unsure: 'unsure' })[verdict] ?? '';

export function listen(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

const tell = (id) => listeners.forEach((listener) => listener(id));
const bar = () => document.getElementById('toast');

const by = () => name() ?? 'console';

function send(id, keepalive = false) {
  const entry = waiting.get(id);
  if (!entry) return;
  clearTimeout(entry.timer);
  waiting.delete(id);
  const body = { verdict: entry.verdict, by: by(), version: entry.version };
  api.post(`alerts/${api.id(id)}/label`, body, { keepalive }).then(
    () => tell(id),
    (problem) => {
      if (entry.before) said.set(id, entry.before);
      else said.delete(id);
      tell(id);
      say(`Not recorded: ${problem.detail ?? problem.title}`, null, true);
    },
  );
}

/** verdict: fraud, genuine or unsure. */
export function give(alert, verdict) {
  const id = alert.id;
  const before = said.get(id) ?? null;
  const pending = waiting.get(id);
  if (pending) clearTimeout(pending.timer);
  waiting.delete(id);
  const known = pending ? pending.version - 1 : (before?.version ?? alert.label?.version ?? 0);
  last = { alert, before: pending ? pending.before : before };
  if (verdict === 'unsure') {
    said.set(id, { verdict, version: known });
  } else {
    const version = known + 1;
    said.set(id, { verdict, version });
    waiting.set(id, { verdict, version, before: last.before, timer: setTimeout(() => send(id), UNDO_MS) });
  }
  tell(id);
  say(`${WORDS[verdict]}: ${paid(alert)} of ${shortened(alert.account, 20)}`, undo);
}

/** Takes back the last verdict if it has not been sent yet. */
export function undo() {
  if (!last) return;
  const { alert, before } = last;
  const entry = waiting.get(alert.id);
  const aside = said.get(alert.id)?.verdict === 'unsure';
  if (!entry && !aside) return say('Already recorded. Open the alert and press y or n to correct it.');
  if (entry) clearTimeout(entry.timer);
  waiting.delete(alert.id);
  if (before) said.set(alert.id, before);
  else said.delete(alert.id);
  last = null;
  tell(alert.id);
  say(`Taken back: ${paid(alert)} of ${shortened(alert.account, 20)}`);
}

let hide = 0;

function say(text, back = null, failed = false) {
  const toast = bar();
  toast.classList.toggle('failed', failed);
  replace(
    toast,
    h('span', {}, text),
    back ? h('button', { type: 'button', class: 'plain', onclick: back }, 'Undo ', h('kbd', {}, 'z')) : null,
  );
  toast.hidden = false;
  clearTimeout(hide);
  hide = setTimeout(() => (toast.hidden = true), failed ? 15000 : UNDO_MS);
}

addEventListener('pagehide', () => [...waiting.keys()].forEach((id) => send(id, true)));

/** The three buttons, which know their state. */
export function verdictButtons(alert, onGiven) {
  const now = verdictOf(alert);
  const button = (verdict, words, key) =>
    h(
      'button',
      {
        type: 'button',
        class: `verdict ${verdict}`,
        'aria-pressed': String(now === verdict),
        'data-verdict': verdict,
        onclick: () => {
          give(alert, verdict);
          onGiven?.(verdict);
        },
      },
      words,
      h('kbd', {}, key),
    );
  return h(
    'div',
    { class: 'verdicts', role: 'group', 'aria-label': 'What it was' },
    button('fraud', 'Confirm fraud', 'y'),
    button('genuine', 'False alarm', 'n'),
    button('unsure', 'Unsure', 'u'),
  );
}
