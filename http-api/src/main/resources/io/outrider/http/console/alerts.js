// The list of alerts, and one alert in a panel beside it.
import * as api from './api.js';
import * as feed from './feed.js';
import { attribution, counterfactual, reasons } from './explain.js';
import { amount, count, score, time, value } from './format.js';
import { copyable, empty, h, icon, mark, notice, replace, severityWord, shortened, skeleton } from './dom.js';

export function alertRow(alert, base, isNew) {
  const usual = alert.usualAmount == null ? 'no history' : `usually ${amount(alert.usualAmount)}`;
  return h(
    'li',
    { 'data-id': alert.id },
    h(
      'a',
      { class: isNew ? 'row new' : 'row', href: `#/${base}/${api.id(alert.id)}`, 'data-row': true },
      mark(alert.severity),
      time(alert.eventTime),
      h(
        'span',
        { class: 'why' },
        alert.reasons[0] ?? 'Unusual',
        alert.reasons.length > 1 ? h('small', {}, alert.reasons.slice(1, 3).join(' · ')) : null,
      ),
      h(
        'span',
        { class: 'who' },
        h('span', { class: 'mono', title: alert.account }, shortened(alert.account, 18)),
        h('small', { title: 'score and threshold' }, `${score(alert.score)} ≥ ${score(alert.threshold)}`),
      ),
      h('span', { class: 'sum' }, h('b', {}, amount(alert.amount)), h('small', {}, usual)),
    ),
  );
}

const ROWS = 200;

/** Follows the feed; holds new rows back while the pointer is on the list, so that nothing moves under it. */
export function liveList(base, note) {
  const list = h('ol', { class: 'alerts', 'aria-label': 'Alerts, newest first' });
  const pill = h('button', { type: 'button', class: 'pill', hidden: true, onclick: release });
  const box = h('div', {}, list);
  let held = [];
  let pointed = false;
  list.addEventListener('pointerenter', (event) => (pointed = event.pointerType === 'mouse'));
  list.addEventListener('pointerleave', () => {
    pointed = false;
    release();
  });

  function show(alerts, isNew) {
    list.prepend(...alerts.map((alert) => alertRow(alert, base, isNew)));
    while (list.children.length > ROWS) list.lastChild.remove();
  }

  function release() {
    show(held, true);
    held = [];
    pill.hidden = true;
  }

  function state() {
    const { loaded, failure, alerts } = feed.snapshot();
    if (alerts.length) return replace(box, failure ? notice(failure) : null, list);
    if (failure) return replace(box, notice(failure));
    return replace(box, loaded ? empty('No alerts yet', note) : skeleton());
  }

  show(feed.snapshot().alerts.slice(0, ROWS), false);
  state();
  const stop = feed.listen((added) => {
    if (pointed && added.length) {
      held = [...added, ...held];
      pill.textContent = `${count(held.length)} new`;
      pill.hidden = false;
    } else if (added.length) {
      show(added, true);
    }
    state();
  });
  return { element: box, pill, destroy: stop };
}

export function select(root, id) {
  for (const item of root.querySelectorAll('li[data-id]')) {
    const row = item.firstChild;
    if (item.dataset.id === id) row.setAttribute('aria-current', 'true');
    else row.removeAttribute('aria-current');
  }
}

/** Puts the alert's panel beside the list, or takes it away. */
export function openPanel(view, id, back) {
  view.querySelector('.panel')?.remove();
  view.classList.toggle('open', Boolean(id));
  if (id) view.append(alertPanel(id, back));
  select(view, id);
}

/** One alert, with its own address; `back` is where closing leads. */
function alertPanel(id, back) {
  const panel = h('aside', { class: 'panel', 'aria-label': 'Alert', tabindex: '-1' }, skeleton(3));
  const known = feed.find(id);
  if (known) fill(panel, known, back);
  else
    api.get(`alerts/${api.id(id)}`).then(
      (alert) => fill(panel, alert, back),
      (problem) => replace(panel, closeLine(back), notice(problem)),
    );
  return panel;
}

const closeLine = (back, ...before) =>
  h(
    'div',
    { class: 'top' },
    before,
    h(
      'a',
      { class: 'quiet', href: back, title: 'Close (Esc)', 'aria-label': 'Close', 'data-close': true },
      icon('close'),
    ),
  );

function fill(panel, alert, back) {
  const position = alert.receipt?.position ?? {};
  const vector = Object.entries(alert.receipt?.vector ?? {});
  const account = `#/accounts/${api.id(alert.account)}`;
  replace(
    panel,
    closeLine(back, severityWord(alert.severity), time(alert.eventTime, true)),
    h(
      'h1',
      {},
      amount(alert.amount),
      h(
        'span',
        { class: 'muted' },
        alert.usualAmount == null ? ' without history' : ` against a usual ${amount(alert.usualAmount)}`,
      ),
    ),
    h(
      'p',
      { class: 'muted' },
      'Account ',
      h('a', { href: account, class: 'mono', title: alert.account }, shortened(alert.account)),
      alert.merchant ? ` at merchant ${alert.merchant}` : '',
      alert.device ? `, ${alert.device}` : '',
      alert.network ? `, from ${alert.network}` : '',
    ),
    h('section', {}, h('h2', {}, 'What happened'), reasons(alert.reasons)),
    h('section', {}, h('h2', {}, 'From the expected score to this one'), attribution(alert)),
    h('section', {}, h('h2', {}, 'The smallest change'), counterfactual(alert.counterfactual, alert.threshold)),
    h(
      'section',
      {},
      h('h2', {}, 'Receipt'),
      h(
        'dl',
        { class: 'pairs' },
        pair('Score', `${score(alert.score)}, threshold ${score(alert.threshold)}`),
        pair('Model', copyable(alert.modelVersion)),
        pair('Alert', copyable(alert.id)),
        alert.episodeId && alert.episodeId !== alert.id
          ? pair(
              'Episode',
              h('a', { class: 'mono', href: `#/alerts/${api.id(alert.episodeId)}` }, shortened(alert.episodeId)),
            )
          : null,
        pair('Transaction', copyable(alert.transactionId)),
        pair('Log', `partition ${position.partition}, offset ${count(position.offset)}`),
        pair(
          'Risk table',
          alert.receipt?.context?.riskVersion ? `version ${count(alert.receipt.context.riskVersion)}` : 'none',
        ),
        pair('Plan', copyable(alert.receipt?.planFingerprint ?? '–')),
      ),
      vector.length
        ? h(
            'details',
            {},
            h('summary', {}, `Feature vector, ${vector.length} values`),
            h(
              'dl',
              { class: 'pairs' },
              vector.map(([name, v]) => pair(h('span', { class: 'mono' }, name), value(v))),
            ),
          )
        : null,
    ),
    h(
      'section',
      { class: 'links' },
      h('a', { href: variation(alert) }, 'Try a variation'),
      h('a', { href: `/api/v1/alerts/${api.id(alert.id)}`, target: '_blank', rel: 'noopener' }, 'JSON'),
    ),
  );
}

const pair = (term, ...what) => [h('dt', {}, term), h('dd', {}, ...what)];

function variation(alert) {
  const query = new URLSearchParams();
  for (const [field, from] of [
    ['user_id', 'account'],
    ['amount', 'amount'],
    ['merchant_id', 'merchant'],
    ['device_type', 'device'],
    ['ip_address', 'network'],
  ]) {
    if (alert[from] != null) query.set(field, alert[from]);
  }
  return `#/try?${query}`;
}

/** All alerts of the index, page by page, optionally of one account. */
export function alertsView(root, { id, query }) {
  const account = query.get('account');
  const list = h('ol', { class: 'alerts', 'aria-label': 'Alerts, newest first' });
  const foot = h('div', {});
  const suffix = account ? `?account=${api.id(account)}` : '';
  const view = h(
    'div',
    { class: 'view' },
    h(
      'div',
      { class: 'list' },
      h(
        'div',
        { class: 'head' },
        h('h1', {}, 'Alerts'),
        account
          ? h(
              'span',
              {},
              'of account ',
              h('span', { class: 'mono' }, account),
              ' ',
              h('a', { href: '#/alerts' }, 'show all'),
            )
          : h('small', {}, 'newest first'),
      ),
      list,
      foot,
    ),
  );
  replace(root, view);
  let open = null;
  show(id);

  function show(alertId) {
    open = alertId;
    openPanel(view, alertId, `#/alerts${suffix}`);
  }

  async function more(cursor) {
    replace(foot, skeleton(cursor ? 1 : 4));
    try {
      const query = new URLSearchParams({ limit: '50' });
      if (account) query.set('account', account);
      if (cursor) query.set('cursor', cursor);
      const page = await api.get(`alerts?${query}`);
      list.append(...page.items.map((alert) => alertRow(alert, 'alerts', false)));
      list.hidden = !list.children.length;
      if (page.next)
        replace(
          foot,
          h(
            'p',
            { class: 'head block' },
            h('button', { type: 'button', class: 'plain', onclick: () => more(page.next) }, 'Older alerts'),
          ),
        );
      else
        replace(
          foot,
          list.children.length
            ? null
            : empty(
                'No alerts',
                account
                  ? 'Nothing about this account was flagged as far back as the index reaches.'
                  : 'They appear here as soon as a transaction is flagged.',
              ),
        );
      select(root, open);
    } catch (problem) {
      replace(
        foot,
        notice(problem),
        h('button', { type: 'button', class: 'plain', onclick: () => more(cursor) }, 'Try again'),
      );
    }
  }
  list.hidden = true;
  more(null);
  return { show };
}
