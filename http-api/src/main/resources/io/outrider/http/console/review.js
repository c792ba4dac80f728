// The review queue: what has no verdict yet, the most at stake first, one after another without a mouse.
import * as api from './api.js';
import * as feed from './feed.js';
import * as labels from './labels.js';
import { listWithPanel } from './alerts.js';
import { failed } from './arrival.js';
import { amount, count, paid } from './format.js';
import { empty, fact, h, replace, skeletonRows } from './dom.js';

const SIZE = 50;
const AGAIN_MS = 5000;

export function reviewView(root, { id }) {
  const facts = h('dl', { class: 'facts' });
  const box = h('div', {}, skeletonRows());
  const hint = h(
    'small',
    { class: 'keysline' },
    [
      ['j', 'next'],
      ['k', 'back'],
      ['y', 'fraud'],
      ['n', 'false alarm'],
      ['u', 'unsure'],
      ['z', 'undo'],
    ].map(([key, what]) => [h('kbd', {}, key), ` ${what}  `]),
  );
  const body = h('div', { class: 'list' }, h('div', { class: 'head' }, h('h1', {}, 'Review'), hint));
  const view = h('div', { class: 'view' }, body);
  const both = listWithPanel({ view, base: 'review', back: '#/review', label: 'Alerts to be reviewed, most at stake first', advance: true });
  body.append(facts, box);
  replace(root, view);
  const stop = labels.listen(tell);
  let gone = false;
  let asked = 0;
  let known = false;

  function tell() {
    const items = both.list.items();
    const done = items.filter(labels.verdictOf).length;
    replace(
      facts,
      fact('To review', count(known ? items.length - done : null)),
      fact('Done', count(known ? done : null)),
      fact('At stake', known ? atStake(items.filter((alert) => !labels.verdictOf(alert))) : amount(null)),
    );
  }

  async function load() {
    asked = Date.now();
    try {
      const items = await queue();
      if (gone) return;
      known = true;
      replace(box, items.length ? both.list.element : empty('Nothing to review', 'No alert that is kept waits for a verdict. New ones appear here by themselves.'));
      both.list.set(items);
      tell();
      if (items.length && !id) both.list.move(1);
    } catch (problem) {
      if (gone) return;
      replace(box, failed(problem, load));
    }
  }
  tell();
  load();
  // Only a queue without alerts is asked for again; one that is worked on stays as it is.
  const stopFeed = feed.listen((added) => {
    if (added.length && !both.list.items().length && Date.now() - asked > AGAIN_MS) load();
  });
  both.show(id);
  return {
    ...both,
    destroy() {
      gone = true;
      stop();
      stopFeed();
      both.destroy();
    },
  };
}

/** Their sum; of several currencies, each apart. */
function atStake(alerts) {
  const sums = new Map();
  for (const { amount: n, currency } of alerts) sums.set(currency, (sums.get(currency) ?? 0) + n);
  return sums.size ? [...sums].map(([currency, n]) => paid({ amount: n, currency })).join(' + ') : amount(0);
}

/** The server's queue where it has one; otherwise the newest alerts without a verdict, by amount. */
async function queue() {
  if (await api.has('review')) {
    const [newest] = (await api.get('alerts?limit=1')).items;
    // Thirty days up to the newest event: the stream's time, which need not be the clock's.
    const from = new Date((newest ? Date.parse(newest.eventTime) : Date.now()) - 30 * 86400000).toISOString();
    const queued = await api.get(`review?kind=alert&limit=${SIZE}&from=${api.id(from)}`);
    return queued.items.filter((item) => item.alert && !item.label).map((item) => item.alert);
  }
  return (await api.get('alerts?limit=200')).items
    .filter((alert) => !labels.verdictOf(alert))
    .sort((a, b) => b.amount * b.score - a.amount * a.score)
    .slice(0, SIZE);
}
