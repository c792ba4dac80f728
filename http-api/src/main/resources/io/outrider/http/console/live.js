// What is going on now: throughput, latency, and alerts as they arrive.
import { liveList, openPanel } from './alerts.js';
import { timeCard } from './charts.js';
import { count, rate } from './format.js';
import { h, replace } from './dom.js';
import * as status from './status.js';

const whole = (n) => count(Math.round(n));

export function liveView(root, { id }) {
  const throughput = timeCard({
    title: 'Throughput',
    unit: 'events/s',
    format: rate,
    lines: [{ label: 'events/s', token: '--chart-a', fill: true }],
  });
  const decided = timeCard({
    title: 'Decided in',
    about: 'from append to decision',
    unit: 'ms',
    format: whole,
    lines: [
      { label: 'p50', token: '--chart-a' },
      { label: 'p99', token: '--chart-b' },
    ],
  });
  const alerted = timeCard({
    title: 'Alerted in',
    about: 'from append to the alert on its topic',
    unit: 'ms',
    format: whole,
    lines: [
      { label: 'p50', token: '--chart-a' },
      { label: 'p99', token: '--chart-b' },
    ],
  });
  const facts = h('dl', { class: 'facts' });
  const list = liveList('live', 'Every transaction so far looked like its account. Alerts appear here by themselves.');
  const body = h(
    'div',
    { class: 'list' },
    h('div', { class: 'cards' }, throughput.element, decided.element, alerted.element),
    facts,
    h('div', { class: 'head' }, h('h1', {}, 'Alerts as they arrive'), list.pill),
    list.element,
  );
  const view = h('div', { class: 'view' }, body);
  replace(root, view);
  show(id);

  function show(alertId) {
    openPanel(view, alertId, '#/live');
  }

  function update(live) {
    if (!live) return;
    const x = live.history.map((point) => Date.parse(point.at) / 1000);
    throughput.set([x, live.history.map((point) => point.eventsPerSecond)]);
    decided.set([
      x,
      live.history.map((point) => point.decision?.p50),
      live.history.map((point) => point.decision?.p99),
    ]);
    alerted.set([x, live.history.map((point) => point.alert?.p50), live.history.map((point) => point.alert?.p99)]);
    const dead = Object.entries(live.deadLetters.byReason)
      .map(([reason, n]) => `${reason}: ${count(n)}`)
      .join('\n');
    replace(
      facts,
      fact('Events', count(live.events.total)),
      fact('Late', count(live.events.late)),
      fact('Alerts', count(live.alerts.total)),
      fact('Alerts/min', rate(live.alerts.perMinute)),
      fact('Dead letters', count(live.deadLetters.total), dead),
      fact('Partitions', count(live.partitions.length)),
      fact('Checkpoints', count(live.checkpoints)),
    );
  }
  const stop = status.listen(update);
  update(status.latest());
  return {
    /** Moving between alerts of the list keeps the view. */
    show,
    destroy() {
      stop();
      list.destroy();
      [throughput, decided, alerted].forEach((chart) => chart.destroy());
    },
  };
}

const fact = (term, text, title) => h('div', { title }, h('dt', {}, term), h('dd', {}, text));
