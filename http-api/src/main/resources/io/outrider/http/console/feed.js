// One shared event stream for the whole page, and the alerts it brought. The list survives a reconnect: what came
// meanwhile arrives by Last-Event-ID, and after longer absences by asking for the newest page again.
import { get } from './api.js';
import { EventStream } from './eventstream.js';
import { known } from './token.js';

const KEPT = 2000;
const byId = new Map();
const listeners = new Set();
let alerts = [];
let state = 'connecting';
let since = new Date();
let loaded = false;
let failure = null;
let source = null;

export const snapshot = () => ({ alerts, state, since, loaded, failure });
export const find = (id) => byId.get(id);

export function listen(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function tell(added) {
  for (const listener of listeners) listener(added);
}

function become(next) {
  if (next === state) return;
  state = next;
  since = new Date();
  tell([]);
}

function add(fresh) {
  const added = fresh.filter((alert) => !byId.has(alert.id));
  for (const alert of added) byId.set(alert.id, alert);
  alerts = [...added, ...alerts];
  for (const old of alerts.splice(KEPT)) byId.delete(old.id);
  return added;
}

async function refill() {
  try {
    const page = await get('alerts?limit=100');
    failure = null;
    loaded = true;
    const added = add(page.items);
    tell(added);
  } catch (problem) {
    failure = problem;
    tell([]);
  }
}

export function start() {
  source = new (known() ? EventStream : EventSource)('/api/v1/alerts/stream');
  source.addEventListener('open', () => {
    become('open');
    refill();
  });
  source.addEventListener('alert', (event) => tell(add([JSON.parse(event.data)])));
  source.addEventListener('error', () => {
    become('away');
    // The browser reconnects by itself unless the server refused; then a new stream starts from now.
    if (source.readyState === EventSource.CLOSED) {
      source.close();
      setTimeout(start, 3000);
    }
  });
}
