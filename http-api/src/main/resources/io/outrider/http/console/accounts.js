// The list of accounts, page by page.
import * as api from './api.js';
import { failed } from './arrival.js';
import { amount, count, time } from './format.js';
import { dataTable, empty, h, replace, shortened, skeleton, skeletonRows } from './dom.js';

const HEAD = [
  ['Account'],
  ['Events', 1],
  ['Amount total', 1],
  ['Usual amount', 1],
  ['First event'],
  ['Last event'],
  ['Partition', 1],
];

const row = (a) => [
  h(
    'a',
    { class: 'mono', href: `#/accounts/${api.id(a.account)}`, title: a.account, 'data-row': true },
    h('bdi', {}, shortened(a.account, 32)),
  ),
  count(a.events),
  amount(a.amountTotal),
  amount(a.usualAmount),
  time(a.firstEventAt),
  time(a.lastEventAt),
  a.partition,
];

export function accountsView(root) {
  const box = h('div', { class: 'accounts' });
  const foot = h('div', {});
  const head = h('div', { class: 'head' }, h('h1', {}, 'Accounts'), h('small', {}, 'by id; / finds one'));
  replace(root, h('div', { class: 'view' }, h('div', { class: 'list' }, head, box, foot)));
  let body = null;

  /** Rows below those that are there, which stay as they are. */
  function add(rows) {
    const table = dataTable(HEAD, rows);
    const added = table.querySelector('tbody');
    const first = added.querySelector('a');
    if (body) {
      body.append(...added.children);
      first?.focus();
    } else {
      body = added;
      replace(box, table);
    }
  }

  async function more(cursor) {
    if (cursor) replace(foot, skeleton(1));
    else {
      replace(box, skeletonRows('table', 24));
      replace(foot);
    }
    try {
      const page = await api.get(`accounts?limit=100${cursor ? `&cursor=${api.id(cursor)}` : ''}`);
      if (page.items.length) add(page.items.map(row));
      else if (!body) replace(box, empty('No accounts yet', 'An account appears with its first accepted transaction.'));
      const button = h('button', { type: 'button', class: 'plain', onclick: () => more(page.next) }, 'More accounts');
      replace(foot, page.next ? h('p', { class: 'endline' }, button) : null);
    } catch (problem) {
      replace(cursor ? foot : box, failed(problem, () => more(cursor)));
    }
  }
  more(null);
}
