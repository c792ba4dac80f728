// The shell: routes by the address's fragment, rail, search, theme, keys.
import * as api from './api.js';
import * as feed from './feed.js';
import * as status from './status.js';
import { accountView, accountsView } from './accounts.js';
import { alertsView } from './alerts.js';
import { redraw } from './charts.js';
import { h, icon, replace } from './dom.js';
import { liveView } from './live.js';
import { tryView } from './tryit.js';

const root = document.getElementById('content');
const VIEWS = [
  ['live', 'Live', liveView],
  ['alerts', 'Alerts', alertsView],
  ['accounts', 'Accounts', (r, p) => (p.id ? accountView(r, p) : accountsView(r, p))],
  ['try', 'Try it', tryView],
];
const KEYS = [
  ['j / k', 'next, previous'],
  ['Enter', 'open'],
  ['Esc', 'close'],
  ['/', 'find an account or alert'],
  ['1 – 4', 'views'],
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

function move(step) {
  const rows = [...root.querySelectorAll('[data-row]')].filter((row) => row.offsetParent);
  if (!rows.length) return;
  const selected = rows.indexOf(document.activeElement);
  const current = selected >= 0 ? selected : rows.findIndex((row) => row.hasAttribute('aria-current'));
  const next = rows[Math.max(0, Math.min(rows.length - 1, current + step))];
  next.focus();
  next.scrollIntoView({ block: 'nearest' });
  if (root.querySelector('.view.open') && current >= 0 && next.hash) location.hash = next.hash;
}

function close() {
  const target = root.querySelector('[data-close]');
  if (!target) return;
  const id = place().id;
  target.click();
  queueMicrotask(() => setTimeout(() => root.querySelector(`li[data-id="${CSS.escape(id ?? '')}"] .row`)?.focus()));
}

function theme() {
  const dark = document.documentElement.dataset.theme
    ? document.documentElement.dataset.theme === 'dark'
    : matchMedia('(prefers-color-scheme: dark)').matches;
  document.documentElement.dataset.theme = dark ? 'light' : 'dark';
  try {
    localStorage.setItem('outrider.theme', document.documentElement.dataset.theme);
  } catch {
    // It then holds for this page only.
  }
  themeIcon();
  redraw();
}

function themeIcon() {
  const dark = document.documentElement.dataset.theme
    ? document.documentElement.dataset.theme === 'dark'
    : matchMedia('(prefers-color-scheme: dark)').matches;
  replace(document.getElementById('theme'), icon(dark ? 'sun' : 'moon')).setAttribute(
    'aria-label',
    dark ? 'Use light colours' : 'Use dark colours',
  );
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

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.closest('input, textarea, select')) {
    if (event.key === 'Escape') event.target.blur();
    return;
  }
  const act =
    {
      j: () => move(1),
      k: () => move(-1),
      Escape: close,
      t: theme,
      '/': () => document.querySelector('.search input').focus(),
      '?': () => document.getElementById('keys').showModal(),
    }[event.key] ??
    (VIEWS[event.key - 1] &&
      (() => {
        location.hash = `#/${VIEWS[event.key - 1][0]}`;
      }));
  if (!act) return;
  event.preventDefault();
  act();
}

const rail = replace(
  document.getElementById('rail'),
  VIEWS.map(([name, title]) => h('a', { href: `#/${name}`, 'data-view': name }, icon(name), title)),
);
replace(
  document.getElementById('keys'),
  h('h1', {}, 'Keys'),
  h(
    'dl',
    {},
    KEYS.map(([key, what]) => [h('dt', {}, h('kbd', {}, key)), h('dd', {}, what)]),
  ),
  h('form', { method: 'dialog' }, h('p', { class: 'block' }, h('button', { class: 'plain' }, 'Close'))),
);
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
feed.start();
status.start();
go();
