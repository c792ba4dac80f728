// The list of accounts, page by page.
import * as api from './api.js';
import { amount, count, time } from './format.js';
import { dataTable, empty, h, notice, replace, shortened, skeleton } from './dom.js';

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
  const rows = [];
  const box = h('div', {});
  const foot = h('div', {});
  const head = h('div', { class: 'head' }, h('h1', {}, 'Accounts'), h('small', {}, 'by id; / finds one'));
  replace(root, h('div', { class: 'view' }, h('div', { class: 'list' }, head, box, foot)));

  async function more(cursor) {
    replace(foot, skeleton(cursor ? 1 : 8));
    try {
      const page = await api.get(`accounts?limit=100${cursor ? `&cursor=${api.id(cursor)}` : ''}`);
      rows.push(...page.items.map(row));
      replace(
        box,
        rows.length
          ? dataTable(HEAD, rows)
          : empty('No accounts yet', 'An account appears with its first accepted transaction.'),
      );
      const button = h('button', { type: 'button', class: 'plain', onclick: () => more(page.next) }, 'More accounts');
      replace(foot, page.next ? h('p', { class: 'endline' }, button) : null);
    } catch (problem) {
      const again = h('button', { type: 'button', class: 'plain', onclick: () => more(cursor) }, 'Try again');
      replace(foot, notice(problem), again);
    }
  }
  more(null);
}
