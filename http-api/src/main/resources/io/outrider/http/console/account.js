// One account: its weeks, rolling windows, spending by time, merchants and devices, scores and alerts.
import * as api from './api.js';
import { alertRow } from './alertrow.js';
import { asked } from './arrival.js';
import { timeCard } from './charts.js';
import { amount, count, score, span, time } from './format.js';
import { historyCard } from './history.js';
import { spendingCards } from './spending.js';
import { block, copyable, dataTable, empty, fact, h, replace, shortened, skeleton } from './dom.js';

export function accountView(root, { id }) {
  const body = h('div', { class: 'list' }, skeleton(8));
  replace(root, h('div', { class: 'view' }, body));
  const charts = [];
  let gone = false;
  const account = async () => {
    try {
      return content(await api.get(`accounts/${api.id(id)}`), charts);
    } catch (problem) {
      if (problem.status === 404) return unknown(id);
      throw problem;
    }
  };
  asked(body, account, () => gone);
  return {
    destroy() {
      gone = true;
      charts.forEach((chart) => chart.destroy());
    },
  };
}

const unknown = (id) => [
  h('div', { class: 'head' }, h('h1', {}, 'Account')),
  empty(
    `Nothing is known of ${shortened(id, 48)}`,
    'No event of this account has been accepted, or it was erased and none has since. ',
    h('a', { href: '#/accounts' }, 'All accounts'),
  ),
];

function content(account, charts) {
  const chart = (made) => {
    charts.push(made);
    return made.element;
  };
  const known = account.recentTransactions.length + account.recentAlerts.length > 0;
  return [
    h(
      'div',
      { class: 'head' },
      h('h1', { class: 'mono' }, h('bdi', {}, copyable(account.account, true))),
      h(
        'span',
        { class: 'end links' },
        h('a', { href: `#/try?user_id=${api.id(account.account)}` }, 'Try a transaction'),
        h('a', { href: `#/alerts?account=${api.id(account.account)}` }, 'All its alerts'),
      ),
    ),
    facts(account),
    h(
      'div',
      { class: 'cards', tabindex: '0', role: 'group', 'aria-label': 'Charts' },
      known ? chart(historyCard(account)) : null,
      spendingCards(account).map(chart),
      account.recentTransactions.length > 1 ? chart(scoresCard(account)) : null,
    ),
    h('div', { class: 'columns' }, windows(account), usedLately(account)),
    block(
      `Recent alerts (${count(account.recentAlerts.length)})`,
      account.recentAlerts.length
        ? h('ol', { class: 'alerts', 'aria-label': 'Recent alerts' }, account.recentAlerts.map((alert) => alertRow(alert, 'alerts')))
        : empty('No alerts', 'Nothing about this account was flagged lately.'),
    ),
    block('Recent transactions', transactions(account)),
  ];
}

const facts = (account) =>
  h(
    'dl',
    { class: 'facts' },
    fact('Events', count(account.events)),
    fact('Amount total', amount(account.amountTotal)),
    fact('Usual amount', amount(account.usualAmount)),
    fact('First', time(account.firstEventAt)),
    fact('Last', time(account.lastEventAt)),
    fact('Partition', account.partition),
    fact('State', copyable(account.stateHash, false)),
  );

function windows(account) {
  const rows = account.windows.map((w) => [span(w.window), count(w.count), amount(w.sum), amount(w.mean)]);
  const head = [['Window'], ['Transactions', 1], ['Sum', 1], ['Mean', 1]];
  return block('Rolling windows, ending at its newest event', dataTable(head, rows));
}

/** Where and with what: what the last transactions and alerts say, since the state itself keeps no names. */
function usedLately(account) {
  const merchants = tally(account.recentTransactions.map((t) => t.merchant));
  const devices = tally(account.recentAlerts.map((a) => a.device));
  const networks = tally(account.recentAlerts.map((a) => a.network));
  const rows = [
    ...merchants.map(([name, n]) => ['Merchant', label(name), count(n), `last ${account.recentTransactions.length} transactions`]),
    ...devices.map(([name, n]) => ['Device', label(name), count(n), 'alerts']),
    ...networks.map(([name, n]) => ['Network', label(name), count(n), 'alerts']),
  ];
  const table = rows.length ? dataTable([['What'], ['Name'], ['Times', 1], ['Among']], rows) : empty('None named', 'Its transactions name no merchant, device or network.');
  return block('Merchants, devices, networks', table);
}

const label = (name) => h('bdi', { title: name }, shortened(name, 36));

function tally(names) {
  const counts = new Map();
  for (const name of names) if (name != null) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]).slice(0, 8);
}

function scoresCard(account) {
  const inOrder = [...account.recentTransactions].sort((a, b) => Date.parse(a.eventTime) - Date.parse(b.eventTime));
  const chart = timeCard({
    title: 'Scores of its last transactions',
    about: 'calibrated: the share of ordinary transactions that score lower',
    unit: '',
    format: score,
    tick: (v) => v.toFixed(2),
    lines: [{ label: 'score', token: '--chart-a' }],
  });
  chart.set([inOrder.map((t) => Date.parse(t.eventTime) / 1000), inOrder.map((t) => t.score)]);
  return chart;
}

function transactions(account) {
  const rows = account.recentTransactions.map((t) => [
    time(t.eventTime),
    copyable(t.transactionId),
    t.merchant == null ? '–' : label(t.merchant),
    amount(t.amount),
    score(t.score),
    verdict(t),
  ]);
  const head = [['Time'], ['Transaction'], ['Merchant'], ['Amount', 1], ['Score', 1], ['Alert']];
  return dataTable(head, rows, (r) => (account.recentTransactions[r].alertId ? 'flagged' : null));
}

function verdict(t) {
  if (t.alertId) return h('a', { href: `#/alerts/${api.id(t.alertId)}` }, 'why');
  if (!t.review) return '';
  return h('abbr', { title: 'Raised no alert; marked for review, so that what is missed can be estimated' }, 'review');
}
