// Why something was flagged: reasons in words, the way from the expected score to this one, the smallest change.
import { h } from './dom.js';
import { score, signed, value } from './format.js';

const SHOWN = 8;

export function reasons(list) {
  return list.length === 1
    ? h('p', { class: 'lead' }, list[0])
    : h(
        'ul',
        { class: 'reasons lead' },
        list.map((reason) => h('li', {}, reason)),
      );
}

/** Bars that start at the expected score and add up to the score; threshold as a thin line where it is on the same scale. */
export function attribution({ expectedScore, attributions, score: final, threshold }) {
  const ordered = [...attributions].sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution));
  const shown = ordered.slice(0, SHOWN);
  const rest = ordered.slice(SHOWN).reduce((sum, a) => sum + a.contribution, 0);
  const total = ordered.reduce((sum, a) => sum + a.contribution, expectedScore);
  const calibrated = Math.abs(total - final) < 1e-6;
  const steps = shown.map((a) => ({ words: a.words, note: value(a.value), by: a.contribution }));
  if (ordered.length > SHOWN) steps.push({ words: `${ordered.length - SHOWN} other features`, note: '', by: rest });

  let at = expectedScore;
  const reached = [at, ...steps.map((step) => (at += step.by))];
  const low = Math.min(0, ...reached);
  const high = Math.max(calibrated ? 1 : 0, ...reached);
  const place = (v) => `${((v - low) / (high - low || 1)) * 100}%`;
  const bar = (cls, from, to) =>
    h('i', {
      class: cls,
      style: {
        left: place(Math.min(from, to)),
        width: `calc(${place(Math.max(from, to))} - ${place(Math.min(from, to))})`,
      },
    });
  const cut = () =>
    calibrated && threshold != null
      ? h('i', { class: 'cut', title: `threshold ${score(threshold)}`, style: { left: place(threshold) } })
      : null;
  const line = (words, note, track, number, cls = '') => [
    h('span', { class: `words ${cls}` }, words, note ? h('small', {}, ` ${note}`) : null),
    h('span', { class: 'track', 'aria-hidden': 'true' }, track, cut()),
    h('span', { class: `value ${cls}` }, number),
  ];
  const name = calibrated ? 'score' : 'raw score';
  return h(
    'div',
    { class: 'bars' },
    line(`Expected ${name}`, '', bar('base', Math.max(low, 0), expectedScore), score(expectedScore)),
    steps.map((step, i) =>
      line(step.words, step.note, bar(step.by >= 0 ? 'more' : 'less', reached[i], reached[i + 1]), signed(step.by)),
    ),
    h('span', { class: 'rule' }),
    line(name[0].toUpperCase() + name.slice(1), '', bar('base', Math.max(low, 0), total), score(total), 'total'),
  );
}

export function counterfactual(change, threshold) {
  if (!change)
    return h('p', { class: 'muted' }, 'No change to a single feature would have kept it below the threshold.');
  return h(
    'p',
    {},
    'It would not have been flagged had ',
    h('b', {}, change.words),
    ' been ',
    h('b', {}, value(change.to)),
    ` instead of ${value(change.from)}: score ${score(change.score)}, threshold ${score(threshold)}.`,
  );
}
