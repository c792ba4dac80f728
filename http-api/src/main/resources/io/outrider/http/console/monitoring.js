// Whether what is scored is still what the model knows, and whether the system keeps up: partitions, scores against
// their calibration, rejections; drift, quality and performance where the server measures them.
import * as api from './api.js';
import { distributionCard } from './charts.js';
import { driftSection, performanceSection, qualitySection } from './measured.js';
import { count, percent, time } from './format.js';
import { block, dataTable, empty, h, replace, skeleton } from './dom.js';
import * as status from './status.js';

export function monitoringView(root) {
  const partitions = h('div', {}, skeleton(3));
  const rejections = h('div', {});
  const cards = h('div', { class: 'cards half' });
  const measured = h('div', {});
  const head = h('div', { class: 'head' }, h('h1', {}, 'Monitoring'), h('small', {}, 'is it keeping up, and is the model still right'));
  replace(root, h('div', { class: 'view' }, h('div', { class: 'list' }, head, cards, measured, h('div', { class: 'columns' }, partitions, rejections))));
  const charts = [];
  let drawn = false;

  function update(live) {
    if (!live) return;
    replace(partitions, partitionTable(live));
    replace(rejections, rejectionTable(live));
    if (!drawn && live.scores) {
      drawn = true;
      const chart = scoreCard(live.scores);
      charts.push(chart);
      replace(cards, chart.element);
    }
  }
  const stop = status.listen(update);
  update(status.latest());
  let gone = false;
  const keep = (chart) => {
    charts.push(chart);
    return chart.element;
  };
  for (const [path, draw] of [
    ['monitoring/performance', performanceSection],
    ['monitoring/drift', driftSection],
    ['monitoring/quality', qualitySection],
  ]) {
    const place = h('div', {});
    measured.append(place);
    api.has(path).then(async (served) => {
      if (!served || gone) return;
      const section = await draw(path, keep);
      if (!gone) replace(place, section);
    });
  }
  return {
    destroy() {
      gone = true;
      stop();
      charts.forEach((chart) => chart.destroy());
    },
  };
}

function partitionTable(live) {
  const rows = (live.running ?? []).map((p) => [
    String(p.partition),
    p.lag == null ? '–' : count(p.lag),
    count(p.inFlight),
    time(p.checkpointAt),
  ]);
  const head = [['Partition'], ['Records waiting', 1], ['In flight', 1], ['Last checkpoint']];
  return block('Partitions of this node', rows.length ? dataTable(head, rows) : empty('No partition runs here', live.reasons.join(' ')));
}

function rejectionTable(live) {
  const rows = Object.entries(live.deadLetters.byReason).map(([reason, n]) => [
    reason,
    count(n),
    percent(n / (live.events.total + live.deadLetters.total), 3),
  ]);
  const head = [['Reason'], ['Dead letters', 1], ['Of all records', 1]];
  return block(
    'Rejected records',
    rows.length ? dataTable(head, rows) : empty('None', 'Every record so far could be read and was in its place.'),
  );
}

/** A calibrated score is above 0.99 once in a hundred, in a stream like the one the model was fitted on. */
function scoreCard({ bounds, counts }) {
  const words = bounds.map((bound, i) => `${i ? bounds[i - 1] : 0} – ${bound}`);
  const total = counts.reduce((sum, n) => sum + n, 0);
  const expected = bounds.map((bound, i) => Math.round((bound - (i ? bounds[i - 1] : 0)) * total));
  return distributionCard({
    title: 'Scores, and what their calibration expects',
    about: 'since this process started; in a stream like the one the model was fitted on, both agree',
    unit: 'Score',
    words,
    ticks: (i) => (i % 2 ? '' : `≤ ${bounds[i]}`),
    series: [
      { label: 'scored', token: '--fillbar', counts: counts.slice(0, bounds.length) },
      { label: 'expected', token: '--chart-c', counts: expected },
    ],
  });
}
