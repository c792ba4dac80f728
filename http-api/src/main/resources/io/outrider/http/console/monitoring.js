// Whether the system keeps up, and whether what is scored is still what the model knows: partitions, rejections, nodes,
// performance, drift, data quality, scores against their calibration.
import * as api from './api.js';
import { asked, inOrder, redraw } from './arrival.js';
import { distributionCard } from './charts.js';
import { driftSection } from './drift.js';
import { nodesPart, nodeTable } from './nodes.js';
import { performanceSection } from './performance.js';
import { qualitySection } from './quality.js';
import { count, percent, time } from './format.js';
import { block, dataTable, empty, h, replace } from './dom.js';
import * as status from './status.js';

export function monitoringView(root) {
  const open = [];
  let gone = false;
  const keep = (part) => {
    if (gone) part.destroy();
    else open.push(part);
    return part.element;
  };
  const partitions = h('div', {});
  const rejections = h('div', {});
  const scores = h('div', { class: 'cards half' });
  const nodes = nodesPart(nodeTable);
  open.push(nodes);
  const head = h('div', { class: 'head' }, h('h1', {}, 'Monitoring'), h('small', {}, 'is it keeping up, and is the model still right'));
  const list = h('div', { class: 'list' }, head);
  replace(root, h('div', { class: 'view' }, list));
  let counted;
  const first = new Promise((resolve) => (counted = resolve));
  let drawn = false;

  function update(live) {
    if (!live) return;
    redraw(partitions, partitionTable(live));
    redraw(rejections, rejectionTable(live));
    if (!drawn && live.scores) {
      drawn = true;
      replace(scores, keep(scoreCard(live.scores)));
    }
    counted();
  }

  const part = async (title, section) => {
    const place = h('div', {});
    await asked(place, () => section(keep), () => gone, title);
    return place;
  };
  const stop = status.listen(update);
  update(status.latest());
  inOrder(
    list,
    [
      first.then(() => h('div', { class: 'columns' }, partitions, rejections)),
      nodes.ready,
      performanceSection(keep),
      part('Drift', driftSection),
      api.has('monitoring/quality').then((served) => (served ? part('Data quality', qualitySection) : null)),
      first.then(() => block('Scores', scores)),
    ],
    () => gone,
  );
  return {
    destroy() {
      gone = true;
      stop();
      open.forEach((part) => part.destroy());
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
    title: 'Scored, and what the calibration expects',
    wide: true,
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
