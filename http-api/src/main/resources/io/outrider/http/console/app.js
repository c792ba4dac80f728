// The shell: routes by the address's fragment, rail, search, theme, keys.
import * as api from './api.js';
import * as feed from './feed.js';
import * as labels from './labels.js';
import * as status from './status.js';
import * as token from './token.js';
import { accountView } from './account.js';
import { accountsView } from './accounts.js';
import { alertsView } from './alerts.js';
import { redraw, toggleTables } from './charts.js';
import { h, icon, replace } from './dom.js';
import { exploreView } from './explore.js';
import { liveView } from './live.js';
import { modelsView } from './models.js';
import { monitoringView } from './monitoring.js';
import { reviewView } from './review.js';
import { tryView } from './tryit.js';

const root = document.getElementById('content');
const VIEWS = [
  ['live', 'Live', liveView],
  ['alerts', 'Alerts', alertsView],
  ['review', 'Review', reviewView],
  ['accounts', 'Accounts', (r, p) => (p.id ? accountView(r, p) : accountsView(r, p))],
  ['explore', 'Explore', exploreView],
  ['models', 'Models', modelsView],
  ['monitoring', 'Monitoring', monitoringView],
  ['try', 'Try it', tryView],
];
const KEYS = [
  ['j k', 'next, previous'],
  ['Enter', 'open'],
  ['Esc', 'close'],
  ['y n u', 'fraud, false alarm, unsure'],
  ['z', 'take back'],
  ['r', 'score the receipt again'],
  ['/', 'find an account or alert'],
  ['1 – 8', 'views'],
  ['d', 'charts as tables'],
  ['t', 'light or dark'],
  ['?', 'these keys'],
];

let shown = null;

function place() {
  const [path, query = ''] = location.hash.replace(/^#\/?/, '').split('?');
  const [name = '', ...rest] = path.split('/');
  let id = rest.join('/');
  try {
    id = decodeURIComponent(id);
  } catch {
    // Typed by hand with a stray percent sign: taken as it is.
  }
  return {
    name: VIEWS.some(([known]) => known === name) ? name : 'live',
    id: id || null,
    query: new URLSearchParams(query),
  };
}

function go() {
  const to = place();
  for (const link of rail.children) {
    if (link.dataset.view === to.name) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  const title = VIEWS.find(([known]) => known === to.name)[1];
  document.title = `${to.id ? `${to.id} · ` : ''}${title} · Outrider`;
  if (shown?.name === to.name && shown.query === String(to.query) && shown.view?.show) {
    shown.view.show(to.id);
    return;
  }
  shown?.view?.destroy?.();
  const open = VIEWS.find(([known]) => known === to.name)[2];
  shown = { name: to.name, query: String(to.query), view: open(root, to) };
}

/** Views with a virtual list move it themselves; elsewhere the rows that are there are walked. */
function move(step) {
  if (shown.view?.move?.(step)) return;
  const rows = [...root.querySelectorAll('[data-row]')].filter((row) => row.offsetParent);
  if (!rows.length) return;
  const next = rows[Math.max(0, Math.min(rows.length - 1, rows.indexOf(document.activeElement) + step))];
  next.focus();
  next.scrollIntoView({ block: 'nearest' });
}

function close() {
  const target = root.querySelector('[data-close]');
  if (!target) return;
  const id = place().id;
  target.click();
  setTimeout(() => root.querySelector(`li[data-id="${CSS.escape(id ?? '')}"] .row`)?.focus());
}

const isDark = () => {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
};

function theme() {
  document.documentElement.dataset.theme = isDark() ? 'light' : 'dark';
  try {
    localStorage.setItem('outrider.theme', document.documentElement.dataset.theme);
  } catch {
    // It then holds for this page only.
  }
  themeIcon();
  redraw();
}

function themeIcon() {
  const button = replace(document.getElementById('theme'), icon(isDark() ? 'sun' : 'moon'));
  button.setAttribute('aria-label', isDark() ? 'Use light colours' : 'Use dark colours');
}

/** Who is signed in, and the way out. */
function who() {
  const button = document.getElementById('who');
  button.hidden = !token.known();
  button.textContent = 'Sign out';
  button.title = token.name() ?? '';
  button.onclick = token.forget;
}

async function find(event) {
  event.preventDefault();
  const input = event.target.elements.q;
  const text = input.value.trim();
  if (!text) return;
  const isAlert = await api.get(`alerts/${api.id(text)}`).then(
    () => true,
    () => false,
  );
  location.hash = `#/${isAlert ? 'alerts' : 'accounts'}/${api.id(text)}`;
  input.value = '';
  input.blur();
}

const ACTS = {
  j: () => move(1),
  k: () => move(-1),
  y: () => shown.view?.verdict?.('fraud'),
  n: () => shown.view?.verdict?.('genuine'),
  u: () => shown.view?.verdict?.('unsure'),
  z: labels.undo,
  r: () => shown.view?.replay?.(),
  d: toggleTables,
  t: theme,
  Escape: close,
  '/': () => document.querySelector('.search input').focus(),
  '?': () => document.getElementById('keys').showModal(),
};

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (document.getElementById('keys').open) return;
  if (event.target.closest('input, textarea, select')) {
    if (event.key === 'Escape') event.target.blur();
    return;
  }
  if (event.key === 'Enter' && !event.target.closest('a, button, summary')) {
    shown.view?.open?.();
    return;
  }
  const view = VIEWS[event.key - 1];
  const act = view ? () => (location.hash = `#/${view[0]}`) : ACTS[event.key];
  if (!act) return;
  event.preventDefault();
  act();
}

const rail = replace(
  document.getElementById('rail'),
  VIEWS.map(([name, title]) => h('a', { href: `#/${name}`, 'data-view': name }, icon(name), h('span', {}, title))),
);
replace(
  document.getElementById('keys'),
  h('h1', {}, 'Keys'),
  h(
    'dl',
    {},
    KEYS.map(([key, what]) => [h('dt', {}, key.split(' ').map((k) => (k === '–' ? ' – ' : h('kbd', {}, k)))), h('dd', {}, what)]),
  ),
  h('form', { method: 'dialog' }, h('p', { class: 'block' }, h('button', { class: 'plain' }, 'Close'))),
);
document.querySelector('.skip').addEventListener('click', (event) => {
  // The address says which view is open, and the view's own parts have none.
  event.preventDefault();
  root.focus();
});
document.getElementById('help').addEventListener('click', () => document.getElementById('keys').showModal());
document.getElementById('theme').addEventListener('click', theme);
document.getElementById('search').addEventListener('submit', find);
document.addEventListener('keydown', onKey);
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
  themeIcon();
  redraw();
});
addEventListener('hashchange', go);
themeIcon();
await token.arrive();
feed.start();
status.start();
who();
go();
