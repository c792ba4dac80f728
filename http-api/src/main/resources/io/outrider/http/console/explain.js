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

/**
 * Bars that start at the expected score and add up to the score, on a scale that just holds them; the threshold as a thin
 * line. What moved the score by less than a hundredth of the whole way is one line.
 */
export function attribution({ expectedScore, attributions, score: final, threshold }) {
  const ordered = [...attributions].sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution));
  const whole = ordered.reduce((sum, a) => sum + Math.abs(a.contribution), 0);
  const shown = ordered.slice(0, SHOWN).filter((a) => Math.abs(a.contribution) >= whole / 100);
  const others = ordered.slice(shown.length);
  const total = ordered.reduce((sum, a) => sum + a.contribution, expectedScore);
  const calibrated = Math.abs(total - final) < 1e-6;
  const steps = shown.map((a) => ({ words: a.words, note: value(a.value), by: a.contribution }));
  if (others.length) {
    const words = others.length === 1 ? 'one other feature' : `${others.length} other features`;
    steps.push({ words, note: '', by: others.reduce((sum, a) => sum + a.contribution, 0) });
  }
  let at = expectedScore;
  const reached = [at, ...steps.map((step) => (at += step.by))];
  const ends = calibrated && threshold != null ? [...reached, threshold] : reached;
  const spread = Math.max(...ends) - Math.min(...ends) || 1;
  const low = Math.min(...ends) - spread * 0.06;
  const width = spread * 1.1;
  const place = (v) => `${((v - low) / width) * 100}%`;
  const bar = (cls, from, to) =>
    h('i', {
      class: cls,
      style: {
        left: place(Math.min(from, to)),
        width: `calc(${place(Math.max(from, to))} - ${place(Math.min(from, to))})`,
      },
    });
  const tick = (v) => h('i', { class: 'tick', style: { left: place(v) } });
  const cut = () =>
    calibrated && threshold != null
      ? h('i', { class: 'cut', title: `threshold ${score(threshold)}`, style: { left: place(threshold) } })
      : null;
  const line = (words, note, track, number, cls = '') => [
    h('span', { class: `words ${cls}` }, words, note ? h('small', {}, ` ${note}`) : null),
    h('span', { class: 'track', 'aria-hidden': 'true' }, cut(), track),
    h('span', { class: `value ${cls}` }, number),
  ];
  const name = calibrated ? 'score' : 'raw score';
  return h(
    'div',
    { class: 'bars' },
    line(`Expected ${name}`, '', tick(expectedScore), score(expectedScore)),
    steps.map((step, i) =>
      line(step.words, step.note, bar(step.by >= 0 ? 'more' : 'less', reached[i], reached[i + 1]), signed(step.by)),
    ),
    h('span', { class: 'rule' }),
    line(name[0].toUpperCase() + name.slice(1), '', tick(total), score(total), 'total'),
    calibrated && threshold != null ? line('Threshold', '', null, score(threshold), 'muted') : null,
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
