// Accounts: the list, and one account with its windows, transactions and alerts.
import * as api from './api.js';
import { alertRow } from './alerts.js';
import { amountsCard } from './charts.js';
import { amount, count, score, span, time } from './format.js';
import { copyable, empty, h, notice, replace, shortened, skeleton } from './dom.js';

const link = (account) =>
  h(
    'a',
    { class: 'mono', href: `#/accounts/${api.id(account)}`, title: account, 'data-row': true },
    shortened(account, 32),
  );
const table = (head, rows) =>
  h(
    'div',
    { class: 'tablewrap' },
    h(
      'table',
      {},
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          head.map(([text, n]) => h('th', { class: n ? 'n' : null }, text)),
        ),
      ),
      h('tbody', {}, rows),
    ),
  );
const n = (text) => h('td', { class: 'n' }, text);
const verdict = (t) => {
  if (t.alertId) return h('a', { href: `#/alerts/${api.id(t.alertId)}` }, 'why');
  if (!t.review) return '';
  return h('abbr', { title: 'Raised no alert; marked for review, so that what is missed can be estimated' }, 'review');
};

export function accountsView(root) {
  const rows = [];
  const box = h('div', {});
  const foot = h('div', {});
  replace(
    root,
    h(
      'div',
      { class: 'view' },
      h(
        'div',
        { class: 'list' },
        h(
          'div',
          { class: 'head' },
          h('h1', {}, 'Accounts'),
          h('small', {}, 'by id; / finds one'),
          h(
            'small',
            { class: 'end' },
            'all of them: ',
            h('code', { class: 'mono' }, "curl -H 'Accept: application/x-ndjson' …/api/v1/accounts"),
          ),
        ),
        box,
        foot,
      ),
    ),
  );

  async function more(cursor) {
    replace(foot, skeleton(cursor ? 1 : 4));
    try {
      const page = await api.get(`accounts?limit=100${cursor ? `&cursor=${api.id(cursor)}` : ''}`);
      rows.push(
        ...page.items.map((a) =>
          h(
            'tr',
            {},
            h('td', {}, link(a.account)),
            n(count(a.events)),
            n(amount(a.amountTotal)),
            n(amount(a.usualAmount)),
            h('td', {}, time(a.firstEventAt)),
            h('td', {}, time(a.lastEventAt)),
            n(a.partition),
          ),
        ),
      );
      replace(
        box,
        rows.length
          ? table(
              [
                ['Account'],
                ['Events', 1],
                ['Amount total', 1],
                ['Usual amount', 1],
                ['First event'],
                ['Last event'],
                ['Partition', 1],
              ],
              rows,
            )
          : empty('No accounts yet', 'An account appears with its first accepted transaction.'),
      );
      replace(
        foot,
        page.next
          ? h(
              'p',
              { class: 'block' },
              h('button', { type: 'button', class: 'plain', onclick: () => more(page.next) }, 'More accounts'),
            )
          : null,
      );
    } catch (problem) {
      replace(
        foot,
        notice(problem),
        h('button', { type: 'button', class: 'plain', onclick: () => more(cursor) }, 'Try again'),
      );
    }
  }
  more(null);
}

export function accountView(root, { id }) {
  const body = h('div', { class: 'list' }, skeleton(5));
  replace(root, h('div', { class: 'view' }, body));
  let chart = null;
  let gone = false;
  api.get(`accounts/${api.id(id)}`).then(
    (account) => {
      if (gone) return;
      chart = account.recentTransactions.length
        ? amountsCard(account.recentTransactions, account.usualAmount, amount)
        : null;
      replace(body, ...content(account, chart));
    },
    (problem) =>
      replace(
        body,
        h('div', { class: 'head' }, h('h1', {}, 'Account')),
        problem.status === 404
          ? empty(
              `Nothing is known of ${shortened(id, 48)}`,
              'No event of this account was ever accepted. ',
              h('a', { href: '#/accounts' }, 'All accounts'),
            )
          : notice(problem),
      ),
  );
  return {
    destroy() {
      gone = true;
      chart?.destroy();
    },
  };
}

function content(account, chart) {
  const flagged = account.recentAlerts;
  return [
    h(
      'div',
      { class: 'head' },
      h('h1', { class: 'mono' }, copyable(account.account, true)),
      h(
        'span',
        { class: 'end links' },
        h('a', { href: `#/try?user_id=${api.id(account.account)}` }, 'Try a transaction'),
        h('a', { href: `#/alerts?account=${api.id(account.account)}` }, 'All its alerts'),
      ),
    ),
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
    ),
    chart ? h('div', { class: 'cards' }, chart.element) : null,
    h(
      'section',
      { class: 'block' },
      h('h2', {}, 'Rolling windows, ending at its newest event'),
      table(
        [['Window'], ['Transactions', 1], ['Sum', 1], ['Mean', 1]],
        account.windows.map((w) =>
          h('tr', {}, h('td', {}, span(w.window)), n(count(w.count)), n(amount(w.sum)), n(amount(w.mean))),
        ),
      ),
    ),
    h(
      'section',
      { class: 'block' },
      h('h2', {}, `Recent alerts (${count(flagged.length)})`),
      flagged.length
        ? h(
            'ol',
            { class: 'alerts' },
            flagged.map((alert) => alertRow(alert, 'alerts', false)),
          )
        : empty('No alerts', 'Nothing about this account was flagged lately.'),
    ),
    h(
      'section',
      { class: 'block' },
      h('h2', {}, 'Recent transactions'),
      table(
        [['Time'], ['Transaction'], ['Merchant'], ['Amount', 1], ['Score', 1], ['Alert']],
        account.recentTransactions.map((t) =>
          h(
            'tr',
            { class: t.alertId ? 'flagged' : null },
            h('td', {}, time(t.eventTime)),
            h('td', {}, copyable(t.transactionId)),
            h('td', {}, t.merchant ?? '–'),
            n(amount(t.amount)),
            n(score(t.score)),
            h('td', {}, verdict(t)),
          ),
        ),
      ),
    ),
  ];
}

const fact = (term, ...what) => h('div', {}, h('dt', {}, term), h('dd', {}, ...what));
