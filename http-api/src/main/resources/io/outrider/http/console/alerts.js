// The list of alerts with its panel beside it, alone and under the live charts.
import * as api from './api.js';
import * as feed from './feed.js';
import * as labels from './labels.js';
import { alertPanel } from './alert.js';
import { alertRow } from './alertrow.js';
import { failed } from './arrival.js';
import { count } from './format.js';
import { empty, h, notice, replace, shortened, skeleton, skeletonRows } from './dom.js';
import { virtualList } from './virtual.js';

const ROWS = 2000;
const AGAIN_MS = 2000;
const PACE_MS = 1000;

/**
 * A list and a panel that share an address: moving with j and k while the panel is open moves the panel. With `advance`
 * a verdict opens the next alert by itself.
 */
export function listWithPanel({ view, base, back, query = '', label, advance = false }) {
  let panel = null;
  const list = virtualList({
    label,
    key: (alert) => alert.id,
    draw: (alert) => alertRow(alert, base, fresh.delete(alert.id), query),
    onSelect: (alert) => panel && address(alert.id, true),
  });
  const fresh = new Set();
  const stop = labels.listen((id) => {
    list.redraw(id);
    if (panel?.id === id) panel.redrawButtons();
  });

  function address(id, replaceIt = false) {
    const hash = `#/${base}/${api.id(id)}${query}`;
    if (!replaceIt) location.hash = hash;
    else {
      history.replaceState(null, '', hash);
      show(id);
    }
  }

  function show(id) {
    if (panel?.id === id) return;
    panel?.destroy();
    panel?.element.remove();
    panel = id ? alertPanel(id, { back, base, onGiven: given }) : null;
    view.classList.toggle('open', Boolean(id));
    if (panel) view.append(panel.element);
    list.select(id ?? list.selected());
    list.paint();
  }

  function given() {
    if (!advance) return;
    // Where there is no next one, the panel stays on the last.
    list.move(1);
  }

  function current() {
    if (panel?.alert) return panel.alert;
    return list.items().find((alert) => alert.id === list.selected());
  }

  return {
    list,
    show,
    fresh,
    move: list.move,
    verdict(what) {
      const alert = current();
      if (!alert) return;
      labels.give(alert, what);
      given();
    },
    replay: () => panel?.element.querySelector('[data-replay]')?.click(),
    open() {
      const alert = current() ?? list.items()[0];
      if (alert) address(alert.id);
    },
    destroy() {
      stop();
      panel?.destroy();
    },
  };
}

/**
 * Follows the feed, at most once a second; holds new rows back while the pointer or the keyboard is on the list, or it is scrolled,
 * so that nothing moves under it.
 */
export function liveList(both, note) {
  const { list, fresh } = both;
  const pill = h('button', { type: 'button', class: 'pill', hidden: true, title: 'Show them; so does k on the first row', onclick: newest });
  const box = h('div', {}, list.element);
  let held = [];
  let pointed = false;
  let shownAt = 0;
  let due = 0;
  list.element.addEventListener('pointerenter', (event) => (pointed = event.pointerType === 'mouse'));
  list.element.addEventListener('pointerleave', () => {
    pointed = false;
    if (!isRead()) release();
  });
  list.element.addEventListener('focusout', (event) => {
    if (!list.element.contains(event.relatedTarget)) setTimeout(() => isRead() || release());
  });
  const isRead = () => pointed || !list.isAtTop() || list.element.contains(document.activeElement);

  function show(alerts) {
    alerts.slice(0, 20).forEach((alert) => fresh.add(alert.id));
    list.prepend(alerts);
    list.cut(ROWS);
  }

  function release() {
    const waiting = held;
    held = [];
    pill.hidden = true;
    clearTimeout(due);
    due = 0;
    if (!waiting.length) return;
    shownAt = Date.now();
    show(waiting);
  }

  function newest() {
    release();
    list.toTop();
  }

  /** New rows, unless the list is read, which the pill then says. */
  function arrive() {
    due = 0;
    if (!held.length) return;
    if (!isRead()) return release();
    pill.textContent = `${count(held.length)} new`;
    pill.hidden = false;
  }

  function state() {
    const { loaded, failure, alerts } = feed.snapshot();
    const what = alerts.length ? (failure ? 'failing' : 'list') : failure ? 'failed' : loaded ? 'empty' : 'loading';
    if (box.dataset.state === what) return;
    box.dataset.state = what;
    if (alerts.length) replace(box, failure ? notice(failure) : null, list.element);
    else replace(box, failure ? [notice(failure), h('p', { class: 'muted' }, 'They are asked for again by themselves.')] : loaded ? empty('No alerts yet', note) : skeletonRows());
    list.paint();
  }

  list.set(feed.snapshot().alerts.slice(0, ROWS));
  state();
  const stop = feed.listen((added) => {
    held = [...added, ...held];
    const wait = shownAt + PACE_MS - Date.now();
    if (added.length && wait <= 0) arrive();
    else if (added.length) due ||= setTimeout(arrive, wait);
    state();
  });
  return {
    element: box,
    pill: h('div', { class: 'newer' }, pill),
    /** Above the first row stand those that are held. */
    move(step) {
      if (step < 0 && held.length && list.selected() === list.items()[0]?.id) release();
      return list.move(step);
    },
    destroy() {
      clearTimeout(due);
      stop();
    },
  };
}

const FILTERS = [
  ['account', 'Account', {}],
  ['merchant', 'Merchant', {}],
  ['severity', 'Severity', { options: ['', 'critical', 'high', 'medium', 'low'] }],
  ['label', 'Said to be', { options: ['', 'fraud', 'genuine', 'unlabelled'] }],
];

/** All alerts, page by page; filtered where the server can. */
export function alertsView(root, { id, query }) {
  const filter = new URLSearchParams([...query].filter(([, value]) => value));
  const suffix = String(filter) ? `?${filter}` : '';
  const box = h('div', {});
  const foot = h('div', {});
  const form = h('form', { class: 'filters', onsubmit: ask, onchange: ask });
  const list = h(
    'div',
    { class: 'list' },
    h('div', { class: 'head' }, h('h1', {}, 'Alerts'), h('small', {}, 'newest first'), form),
  );
  const view = h('div', { class: 'view' }, list);
  const both = listWithPanel({ view, base: 'alerts', back: `#/alerts${suffix}`, query: suffix, label: 'Alerts, newest first' });
  list.append(box, foot);
  replace(root, view);
  fillFilters(form, filter, FILTERS);
  api.has('alerts/{id}/similar').then((rich) => rich || fillFilters(form, filter, FILTERS.slice(0, 1)));
  let busy = false;
  let asked = 0;
  let next = null;

  function ask(event) {
    event.preventDefault();
    const chosen = new URLSearchParams([...new FormData(form)].filter(([, value]) => value));
    location.hash = `#/alerts${String(chosen) ? `?${chosen}` : ''}`;
  }

  async function more(cursor) {
    busy = true;
    asked = Date.now();
    if (cursor) replace(foot, skeleton(1));
    else if (!both.list.items().length) replace(box, skeletonRows());
    try {
      const asked = new URLSearchParams(filter);
      asked.set('limit', '200');
      if (cursor) asked.set('cursor', cursor);
      const page = await api.get(`alerts?${asked}`);
      both.list.append(page.items);
      next = page.next;
      if (!cursor) replace(box, both.list.element);
      replace(foot, end(page));
    } catch (problem) {
      next = null;
      if (!cursor) replace(box);
      replace(foot, failed(problem, () => more(cursor)));
    }
    busy = false;
  }

  function end(page) {
    if (page.next) return h('p', { class: 'endline muted' }, 'Older alerts load as you scroll.');
    if (both.list.items().length)
      return h('p', { class: 'endline muted' }, `${count(both.list.items().length)} alerts; none older.`);
    return suffix
      ? empty('No alert like that', 'Nothing matches as far back as is kept. ', h('a', { href: '#/alerts' }, 'Show all'))
      : empty('No alerts', 'They appear here as soon as a transaction is flagged.');
  }

  list.addEventListener('scroll', () => {
    if (next && !busy && list.scrollTop + list.clientHeight > list.scrollHeight - 800) more(next);
  });
  more(null);
  both.show(id);
  // A list without alerts asks again when one arrives; one with alerts stays as it is read.
  const stop = feed.listen((added) => {
    if (added.length && !busy && !both.list.items().length && Date.now() - asked > AGAIN_MS) more(null);
  });
  return {
    ...both,
    destroy() {
      stop();
      both.destroy();
    },
  };
}

function fillFilters(form, filter, known) {
  replace(
    form,
    known.map(([name, words, { options }]) =>
      options
        ? h(
            'select',
            { name, 'aria-label': words },
            options.map((option) => h('option', { value: option, selected: filter.get(name) === option }, option || words)),
          )
        : h('input', { name, placeholder: words, 'aria-label': words, value: filter.get(name) ?? '', autocomplete: 'off', spellcheck: 'false' }),
    ),
    String(filter) ? h('a', { href: '#/alerts', title: shortened(String(filter), 60) }, 'Clear') : null,
  );
}
