// One alert as a row of a list: severity, when, what happened, whose, how much.
import * as api from './api.js';
import { amount, paid, score, time } from './format.js';
import { verdictOf, wordOf } from './labels.js';
import { h, mark, shortened } from './dom.js';
import { story } from './story.js';

/** base: the view whose panel it opens in. */
export function alertRow(alert, base, isNew = false, query = '') {
  const usual = alert.usualAmount == null ? 'no history' : `usually ${amount(alert.usualAmount)}`;
  const { head, more } = story(alert);
  const verdict = verdictOf(alert);
  return h(
    'li',
    { 'data-id': alert.id, class: verdict ? 'said' : null },
    h(
      'a',
      { class: isNew ? 'row new' : 'row', href: `#/${base}/${api.id(alert.id)}${query}`, 'data-row': true, draggable: 'false' },
      mark(alert.severity),
      time(alert.eventTime),
      h(
        'span',
        { class: 'why' },
        h('span', { class: 'headline', title: (alert.reasons ?? []).join('\n') }, head),
        h('small', {}, more.length ? more.join(' · ') : place(alert)),
      ),
      h(
        'span',
        { class: 'who' },
        h('bdi', { class: 'mono', title: alert.account }, shortened(alert.account, 18)),
        verdict
          ? h('small', { class: `tag ${verdict}` }, wordOf(verdict))
          : h('small', { title: 'score and threshold' }, `${score(alert.score)} ≥ ${score(alert.threshold)}`),
      ),
      h('span', { class: 'sum' }, h('b', {}, paid(alert)), h('small', {}, usual)),
    ),
  );
}

/** Each name keeps its direction to itself, so that one in Arabic does not turn what stands behind it around. */
const place = (alert) =>
  [alert.merchant, alert.device, alert.network].filter(Boolean).map((name, i) => [i ? ' · ' : null, h('bdi', {}, shortened(name, 28))]);
