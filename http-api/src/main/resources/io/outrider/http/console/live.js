// What is going on now: throughput, latency, alerts against their budget, partitions, and alerts as they arrive.
import { listWithPanel, liveList } from './alerts.js';
import { timeCard } from './charts.js';
import { count, rate } from './format.js';
import { nodeChips, nodesPart, noChips } from './nodes.js';
import * as api from './api.js';
import { fact, h, replace } from './dom.js';
import * as status from './status.js';

const whole = (n) => count(Math.round(n));

export function liveView(root, { id }) {
  const throughput = timeCard({
    title: 'Throughput',
    unit: 'events/s',
    format: rate,
    follows: true,
    lines: [{ label: 'events/s', token: '--chart-a', fill: true }],
  });
  const percentiles = (title, about) =>
    timeCard({
      title,
      about,
      unit: 'ms',
      format: whole,
      lines: [
        { label: 'p50', token: '--chart-a' },
        { label: 'p99', token: '--chart-c' },
      ],
    });
  const decided = percentiles('Decided within', 'from append to decision');
  const alerted = percentiles('Alerted within', 'from append to the alert acknowledged on its topic');
  const alerts = timeCard({
    title: 'Alerts',
    about: 'per minute, over the last five seconds; the budget is its share of the events of the time',
    unit: '/min',
    format: rate,
    follows: true,
    lines: [
      { label: 'alerts', token: '--chart-a', fill: true },
      { label: 'budget', token: '--chart-c', dash: true },
    ],
  });
  const nodes = nodesPart(nodeChips, noChips());
  const facts = h('dl', { class: 'facts counted' });
  const body = h('div', { class: 'list' });
  const view = h('div', { class: 'view' }, body);
  const both = listWithPanel({ view, base: 'live', back: '#/live', label: 'Alerts, newest first' });
  const list = liveList(both, 'No transaction so far was unlike its account. Alerts appear here by themselves.');
  body.append(
    h('div', { class: 'cards four', tabindex: '0', role: 'group', 'aria-label': 'Rates and latency' }, throughput.element, decided.element, alerted.element, alerts.element),
    facts,
    nodes.element,
    h('div', { class: 'head' }, h('h1', {}, 'Alerts as they arrive')),
    list.pill,
    list.element,
  );
  replace(root, view);
  both.list.paint();
  both.show(id);

  let budget = null;
  alertBudget().then((share) => {
    budget = share;
    update(status.latest());
  });

  function update(live) {
    if (!live) return;
    const x = live.history.map((point) => Date.parse(point.at) / 1000);
    throughput.set([x, live.history.map((point) => point.eventsPerSecond)]);
    const allowed = live.history.map((point) => (budget == null || point.eventsPerSecond == null ? null : point.eventsPerSecond * 60 * budget));
    alerts.set([x, live.history.map((point) => point.alertsPerMinute), allowed]);
    const of = (what, p) => live.history.map((point) => point[what]?.[p]);
    decided.set([x, of('decision', 'p50'), of('decision', 'p99')]);
    alerted.set([x, of('alert', 'p50'), of('alert', 'p99')]);
    figures(live);
  }

  /** Also before there are any, so that nothing moves when they come. */
  function figures(live) {
    const dead = Object.entries(live?.deadLetters.byReason ?? {}).map(([reason, n]) => `${reason} ${count(n)}`);
    const share = live?.events.total ? live.alerts.total / live.events.total : null;
    replace(
      facts,
      fact('Events', count(live?.events.total)),
      fact('Flagged', count(live?.alerts.total), share == null ? '' : h('small', {}, ` ${(share * 1000).toFixed(2)} in 1,000`)),
      fact('Budget', budget == null ? count(null) : h('span', {}, `${(budget * 1000).toFixed(2)} in 1,000`)),
      fact('Late', count(live?.events.late)),
      fact('Dead letters', h('span', { title: dead.join('\n') }, count(live?.deadLetters.total))),
      fact('Restarted runs', count(live && Math.max(0, live.runs - live.partitions.length))),
      fact('Checkpoints', count(live?.checkpoints)),
    );
  }
  figures(null);
  const stop = status.listen(update);
  update(status.latest());
  return {
    ...both,
    move: list.move,
    destroy() {
      stop();
      list.destroy();
      nodes.destroy();
      both.destroy();
      [throughput, decided, alerted, alerts].forEach((chart) => chart.destroy());
    },
  };
}

/** The share of events that may be alerts, as configured; asked of a moment only, for the counts are not needed here. */
async function alertBudget() {
  const now = new Date().toISOString();
  return api.get(`monitoring/performance?from=${api.id(now)}&to=${api.id(now)}`).then((answer) => answer.alertBudget, () => null);
}
