// One alert in a panel beside a list: what happened, the account's weeks, why, what would have been normal, the receipt.
import * as api from './api.js';
import * as feed from './feed.js';
import { alertRow } from './alertrow.js';
import { asked, failed } from './arrival.js';
import { attribution, counterfactual, reasons } from './explain.js';
import { amount, count, paid, score, time, value } from './format.js';
import { historyCard } from './history.js';
import { verdictButtons } from './labels.js';
import { copyable, h, icon, replace, severityWord, shortened, skeleton } from './dom.js';
import { story } from './story.js';
import { known } from './token.js';

/** `back` is where closing leads, `base` the view that similar alerts open in. */
export function alertPanel(id, { back, base, onGiven }) {
  const panel = h('aside', { class: 'panel', 'aria-label': 'Alert', tabindex: '-1' }, skeleton(3));
  const handle = { element: panel, id, alert: null, chart: null, onGiven, base, back, destroy: () => {} };
  handle.destroy = () => {
    handle.gone = true;
    handle.chart?.destroy();
  };
  handle.redrawButtons = () => {
    const group = panel.querySelector('.verdicts');
    if (group && handle.alert) group.replaceWith(verdictButtons(handle.alert, onGiven));
  };
  const known = feed.find(id);
  if (known) fill(handle, known);
  else ask(handle);
  return handle;
}

async function ask(handle) {
  try {
    const alert = await api.get(`alerts/${api.id(handle.id)}`);
    if (!handle.gone) fill(handle, alert);
  } catch (problem) {
    if (!handle.gone) replace(handle.element, closeLine(handle.back), failed(problem, () => ask(handle)));
  }
}

const closeLine = (back, ...before) =>
  h(
    'div',
    { class: 'top' },
    before,
    h('a', { class: 'quiet', href: back, title: 'Close (Esc)', 'aria-label': 'Close', 'data-close': true }, icon('close')),
  );

function fill(handle, alert) {
  handle.alert = alert;
  const chart = h('div', { class: 'history' }, h('div', { class: 'skeleton' }));
  const similar = h('div', {});
  const told = story(alert);
  replace(
    handle.element,
    closeLine(handle.back, severityWord(alert.severity), time(alert.eventTime, true)),
    h('h1', {}, paid(alert), h('span', { class: 'muted' }, usual(alert))),
    h('p', { class: 'muted whose' }, whose(alert)),
    h('p', { class: 'lead story' }, [told.head, ...told.more].join('. ') + '.'),
    verdictButtons(alert, handle.onGiven),
    h('section', {}, h('h2', {}, 'This account lately'), chart),
    section('Why: from the expected score to this one', attribution(alert)),
    section('What would have been normal', counterfactual(alert.counterfactual, alert.threshold)),
    section('Measured', reasons(alert.reasons)),
    section('Receipt', receipt(alert), replayLine(alert), vectorTable(alert)),
    h(
      'section',
      { class: 'links' },
      h('a', { href: variation(alert) }, 'Try a variation'),
      // A link carries no token.
      known() ? null : h('a', { href: `/api/v1/alerts/${api.id(alert.id)}`, target: '_blank', rel: 'noopener' }, 'JSON'),
    ),
    similar,
  );
  drawHistory(handle, alert, chart);
  drawSimilar(handle, alert, similar);
}

const section = (title, ...what) => h('section', {}, h('h2', {}, title), what);
const pair = (term, ...what) => [h('dt', {}, term), h('dd', {}, ...what)];
const usual = (alert) =>
  alert.usualAmount == null ? ' without history' : ` against a usual ${amount(alert.usualAmount)}`;

function whose(alert) {
  const name = (text) => h('bdi', { title: text }, shortened(text, 40));
  return [
    'Account ',
    h('a', { href: `#/accounts/${api.id(alert.account)}`, class: 'mono', title: alert.account }, h('bdi', {}, shortened(alert.account))),
    alert.merchant ? [' at merchant ', name(alert.merchant)] : null,
    alert.device ? [', ', name(alert.device)] : null,
    alert.network ? [', from ', name(alert.network)] : null,
  ];
}

function drawHistory(handle, alert, box) {
  const history = async () => {
    const account = await api.get(`accounts/${api.id(alert.account)}`);
    if (handle.gone) return null;
    handle.chart = historyCard(account, alert);
    return handle.chart.element;
  };
  asked(box, history, () => handle.gone);
}

async function drawSimilar(handle, alert, box) {
  if (!(await api.has('alerts/{id}/similar'))) return;
  try {
    const found = await api.get(`alerts/${api.id(alert.id)}/similar?limit=5`);
    if (handle.gone || !found.items.length) return;
    const rows = found.items.map((item) => alertRow(item.alert ?? item, handle.base));
    replace(box, section('Similar alerts', h('ol', { class: 'alerts narrow' }, rows)));
  } catch {
    // An extra: without it the alert is whole.
  }
}

function receipt(alert) {
  const position = alert.receipt?.position ?? {};
  const inEpisode = alert.episodeId && alert.episodeId !== alert.id;
  return h(
    'dl',
    { class: 'pairs' },
    pair('Score', `${score(alert.score)}, threshold ${score(alert.threshold)}`),
    pair('Model', copyable(alert.modelVersion)),
    pair('Alert', copyable(alert.id)),
    inEpisode
      ? pair('Episode', h('a', { class: 'mono', href: `#/alerts/${api.id(alert.episodeId)}` }, shortened(alert.episodeId)))
      : null,
    pair('Transaction', copyable(alert.transactionId)),
    pair('Log', `partition ${position.partition}, offset ${count(position.offset)}`),
    pair('Risk table', alert.receipt?.context?.riskVersion ? `version ${count(alert.receipt.context.riskVersion)}` : 'none'),
    pair('Plan', copyable(alert.receipt?.planFingerprint ?? '–')),
  );
}

/** Scores the receipt again; appears where the server can. */
function replayLine(alert) {
  const answer = h('span', { role: 'status' });
  const line = h(
    'p',
    { class: 'replay unsure' },
    h('button', { type: 'button', class: 'plain', 'data-replay': true, onclick: ask }, 'Score the receipt again ', h('kbd', {}, 'r')),
    ' ',
    answer,
  );
  api.has('alerts/{id}/replay').then((can) => (can ? line.classList.remove('unsure') : line.remove()));

  async function ask() {
    answer.textContent = 'Scoring…';
    try {
      const replayed = await api.post(`alerts/${api.id(alert.id)}/replay`, {});
      const { equal, replayedScore, recordedScore } = replayed;
      replace(answer, equal ? `Same, bit for bit: ${score(replayedScore)}` : `Differs: ${score(replayedScore)} now, ${score(recordedScore)} then`);
    } catch (problem) {
      answer.textContent = problem.detail ?? problem.title;
    }
  }
  return line;
}

function vectorTable(alert) {
  const vector = Object.entries(alert.receipt?.vector ?? {});
  if (!vector.length) return null;
  return h(
    'details',
    {},
    h('summary', {}, `Feature vector, ${vector.length} values`),
    h(
      'dl',
      { class: 'pairs' },
      vector.map(([name, v]) => pair(h('span', { class: 'mono' }, name), value(v))),
    ),
  );
}

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
