// How good the alerts are, by what people said of them: shares with their intervals, by segment, and the curve.
import * as api from './api.js';
import { failed } from './arrival.js';
import { confusionCard } from './compare.js';
import { precisionRecallCard } from './curves.js';
import { count, percent } from './format.js';
import { dataTable, empty, fact, h, replace, shortened } from './dom.js';

const SEGMENTS = [
  ['model', 'Model'],
  ['severity', 'Severity'],
  ['merchant', 'Merchant'],
  ['device', 'Device'],
  ['currency', 'Currency'],
];

/** Thirty days up to the newest event: the stream's time, which need not be the clock's. */
export async function performance(by) {
  const [newest] = (await api.get('alerts?limit=1').catch(() => ({ items: [] }))).items;
  const from = new Date((newest ? Date.parse(newest.eventTime) : Date.now()) - 30 * 86400000).toISOString();
  return api.get(`monitoring/performance?by=${by}&from=${api.id(from)}`);
}

/** The section, once it has something to show. */
export async function performanceSection(keep) {
  const select = h(
    'select',
    { 'aria-label': 'Told apart by', onchange: () => load() },
    SEGMENTS.map(([value, words]) => h('option', { value }, `by ${words.toLowerCase()}`)),
  );
  const figures = h('div', {});
  const table = h('div', {});
  const part = h('section', { class: 'block' }, h('div', { class: 'titled' }, h('h2', {}, 'Performance, by what people said in thirty days'), h('span', { class: 'filters' }, select)), figures, table);
  let drawn = false;

  async function load() {
    try {
      const found = await performance(select.value);
      if (!drawn) replace(figures, whole(found, keep));
      drawn = true;
      replace(table, found.all.alerts ? segments(found) : null);
    } catch (problem) {
      replace(figures, failed(problem, load));
    }
  }
  await load();
  return part;
}

const range = ({ value, low, high }) =>
  value == null ? h('span', { class: 'muted', title: `between ${percent(low)} and ${percent(high)}` }, 'not known yet') : [percent(value), h('small', {}, ` ${percent(low)} – ${percent(high)}`)];

function whole({ all, curve, alertBudget }, keep) {
  const said = all.confusion.truePositives + all.confusion.falsePositives;
  if (!said) return empty('No alert has a verdict', 'Precision is told from the first verdict on. Give some under ', h('a', { href: '#/review' }, 'Review'), '.');
  const { truePositives, falsePositives, falseNegativesInSample, trueNegativesInSample } = all.confusion;
  return [
    h(
      'dl',
      { class: 'facts' },
      fact('Precision', range(all.precision)),
      fact('Recall', range(all.recall)),
      fact('Missed, of what raised no alert', range(all.missed)),
      fact('Alerts', count(all.alerts), h('small', {}, ` ${count(said)} with a verdict`)),
      all.alertRate == null ? null : fact('Alert rate', `${(all.alertRate * 1000).toFixed(2)} in 1,000`, h('small', {}, ` budget ${(alertBudget * 1000).toFixed(2)}`)),
    ),
    h(
      'div',
      { class: 'cards half' },
      curve.length > 1 ? keep(precisionRecallCard([{ label: 'labelled alerts', token: '--chart-a', points: curve.map((p) => [p.recall, p.precision]) }], 'over thresholds, of all alerts that have a verdict; recall among these')) : null,
      confusionCard('Alerts and the review sample', `${count(all.sampled)} sampled`, [truePositives, falsePositives, falseNegativesInSample, trueNegativesInSample]),
    ),
  ];
}

function segments({ segments: list, by }) {
  const known = list.filter((segment) => segment.alerts || segment.sampled);
  if (known.length < 1) return empty('No segments', 'No alert of these thirty days tells them apart.');
  const rows = known.slice(0, 50).map((segment) => [
    h('bdi', { class: by === 'model' ? 'mono' : null, title: segment.name }, shortened(segment.name || 'none', 32)),
    count(segment.alerts),
    count(segment.confusion.truePositives + segment.confusion.falsePositives),
    whisker(segment.precision),
    segment.precision.value == null ? '–' : percent(segment.precision.value),
    `${percent(segment.precision.low)} – ${percent(segment.precision.high)}`,
    segment.recall.value == null ? '–' : `${percent(segment.recall.value)} (${percent(segment.recall.low)} – ${percent(segment.recall.high)})`,
  ]);
  return dataTable([[SEGMENTS.find(([name]) => name === by)[1]], ['Alerts', 1], ['With a verdict', 1], ['0 % to 100 %'], ['Precision', 1], ['95 % interval', 1], ['Recall', 1]], rows);
}

/** The interval as a line from 0 to 100 %, the value as a mark on it. */
const whisker = ({ value, low, high }) =>
  h(
    'span',
    { class: 'whisker', 'aria-hidden': 'true' },
    h('i', { style: { left: `${low * 100}%`, width: `${(high - low) * 100}%` } }),
    value == null ? null : h('b', { style: { left: `${value * 100}%` } }),
  );
