// Polls monitoring/live and keeps the header line true. While the server is away the last data stay, dated.
import { get } from './api.js';
import * as feed from './feed.js';
import { rate } from './format.js';

const INTERVAL_MS = 2000;
const listeners = new Set();
let last = null;
let lastAt = null;
let paused = false;

export const latest = () => last;

export function listen(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

const at = (id) => document.getElementById(id);
const clock = (date) => date.toLocaleTimeString(undefined, { hourCycle: 'h23' });

function health(state, text, title = '') {
  at('health').dataset.state = state;
  at('health').title = title;
  at('health').lastChild.textContent = text;
}

/** A node that works and warns says so: the words are in the title. */
function told({ ready, reasons, warnings }) {
  if (!ready) return health('not-ready', 'Not ready', [...reasons, ...warnings].join('\n'));
  if (!warnings.length) return health('ready', 'Ready');
  return health('warns', warnings.length === 1 ? 'Ready, 1 warning' : `Ready, ${warnings.length} warnings`, warnings.join('\n'));
}

async function poll() {
  try {
    last = await get('monitoring/live');
    lastAt = new Date();
    if (paused) feed.start();
    paused = false;
    told(last);
    at('environment').textContent = last.environment;
    at('model').hidden = !last.modelVersion;
    at('model').querySelector('b').textContent = last.modelVersion ?? '';
    at('rate').querySelector('b').textContent = rate(last.events.perSecond);
    for (const listener of listeners) {
      try {
        listener(last);
      } catch (bug) {
        reportError(bug); // says nothing of the server
      }
    }
  } catch (problem) {
    if (!problem.status && !paused) feed.pause();
    paused ||= !problem.status;
    const what = problem.status ? problem.title : 'No contact';
    health('away', lastAt ? `${what} since ${clock(lastAt)}, reconnecting` : `${what}, reconnecting`, problem.detail);
  }
  setTimeout(poll, INTERVAL_MS);
}

export function start() {
  feed.listen(() => {
    const { state, since } = feed.snapshot();
    at('stream').textContent = state === 'away' ? `Alerts paused since ${clock(since)}, reconnecting` : '';
  });
  poll();
}
