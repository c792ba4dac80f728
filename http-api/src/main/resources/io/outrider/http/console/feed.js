// One shared event stream for the whole page, and the alerts it brought. The list survives a reconnect: what came
// meanwhile arrives by Last-Event-ID, and after longer absences by asking for the newest pages again.
import { get, id } from './api.js';
import { EventStream } from './eventstream.js';
import { known } from './token.js';

const KEPT = 2000;
const AGAIN_MS = 5000;
const byId = new Map();
const listeners = new Set();
let alerts = [];
let state = 'connecting';
let since = new Date();
let loaded = false;
let failure = null;
let source = null;
let again = 0;
let filling = false;
let waiting = 0;
/** Whether alerts were known when the stream went away. */
let left = false;

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
  clearTimeout(again);
  filling = true;
  try {
    const missed = await missing();
    failure = null;
    loaded = true;
    tell(add(missed));
  } catch (problem) {
    failure = problem;
    tell([]);
    again = setTimeout(refill, AGAIN_MS);
  }
  filling = false;
}

/** The newest alerts, back to a page of known ones, for alerts of one moment come in any order; the first page where none is known. */
async function missing() {
  const missed = [];
  let page = { next: '' };
  do {
    page = await get(`alerts?limit=100${page.next && `&cursor=${id(page.next)}`}`);
    missed.push(...page.items);
  } while (left && page.next && missed.length < KEPT && page.items.some((alert) => !byId.has(alert.id)));
  return missed;
}

export function start() {
  clearTimeout(waiting);
  source?.close();
  const mine = new (known() ? EventStream : EventSource)('/api/v1/alerts/stream');
  source = mine;
  mine.addEventListener('open', () => {
    become('open');
    refill();
  });
  mine.addEventListener('alert', (event) => tell(add([JSON.parse(event.data)])));
  mine.addEventListener('error', () => {
    if (mine !== source) return;
    leave();
    if (!loaded && !filling) refill();
    // The browser reconnects by itself unless the server refused; then a new stream starts from now.
    if (mine.readyState === EventSource.CLOSED) {
      clearTimeout(waiting);
      waiting = setTimeout(start, 3000);
    }
  });
}

function leave() {
  left = alerts.length > 0;
  become('away');
}

/** Without contact a stream may be dead and nobody tell; it is then left, and begun anew by start(). */
export function pause() {
  clearTimeout(waiting);
  source?.close();
  source = null;
  leave();
}
