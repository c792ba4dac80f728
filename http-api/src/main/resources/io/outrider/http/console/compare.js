// Two models side by side: their figures of held-back data with intervals, their curves, what each caught and missed.
import * as api from './api.js';
import { curveCard, precisionRecallCard } from './curves.js';
import { count, percent } from './format.js';
import { block, dataTable, empty, h } from './dom.js';

const figure = (v) => (v == null ? '–' : Math.abs(v) >= 1000 ? count(v) : v.toFixed(3));
const share = (v) => percent(v, 1);
/** What evaluation measures, in words; of what else a model tells only its file does. */
const METRICS = [
  ['average_precision', 'Average precision', figure],
  ['auc', 'Area under ROC', figure],
  ['card_precision_100', 'Card precision, 100 a day', share],
  ['precision_at_threshold', 'Precision at the threshold', share],
  ['recall_at_threshold', 'Recall at the threshold', share],
  ['f1_at_threshold', 'F1 at the threshold', figure],
  ['alert_rate', 'Alert rate', (v) => (v == null ? '–' : `${(v * 1000).toFixed(2)} in 1,000`)],
  ['test_labelled', 'Labelled test rows', count],
  ['test_frauds', 'Frauds among them', count],
];

/** The versions, newest first, with what their test said; a chart of it over versions where there are some. */
export function versionsBlock(items, stages, keep) {
  if (!items.length) return block('Versions', empty('No models', 'A training run makes one.'));
  const measured = METRICS.filter(([name]) => items.some((model) => model.metrics?.[name] != null)).slice(0, 4);
  const head = [['Version'], ['Stage'], ['Made of'], ['Data until'], ['Rows', 1], ...measured.map(([, words]) => [words.replace(' at the threshold', ''), 1])];
  const rows = [...items].reverse().map((model) => [
    h('a', { class: 'mono', href: `#/models/${api.id(model.version)}` }, model.version),
    stages.get(model.version) ?? '',
    model.ensembles.map((name) => name.replaceAll('_', ' ')).join(', '),
    model.dataTo.slice(0, 10),
    count(model.rows),
    ...measured.map(([name, , format]) => format(model.metrics?.[name])),
  ]);
  const chart = history(items);
  return block('Versions', chart ? h('div', { class: 'cards half' }, keep(chart)) : null, dataTable(head, rows));
}

function history(items) {
  const tested = items.filter((model) => model.metrics?.average_precision != null);
  if (tested.length < 2) return null;
  const of = (suffix) => tested.map((model, i) => [i, model.metrics[`average_precision${suffix}`]]).filter(([, v]) => v != null);
  return curveCard({
    title: 'Average precision over versions',
    about: 'on the data held back from each; lines are the ends of the 95 % interval',
    wide: true,
    x: { label: 'Data until', format: (i) => tested[i]?.dataTo.slice(0, 10) ?? '', range: [-0.3, tested.length - 0.7] },
    y: { label: 'Average precision', format: (v) => v.toFixed(2), range: [0, 1.02] },
    splits: tested.map((_, i) => i),
    lines: [
      { label: 'measured', token: '--chart-a', dots: true, points: of('') },
      { label: '95 % interval', token: '--chart-b', dash: true, points: of('.low') },
      { row: '95 % interval, to', token: '--chart-b', dash: true, points: of('.high') },
    ],
  });
}

/** a, b: models of the list; live: figures by labels of each version, by its name; b may be null. */
export function sideBySide(a, b, live, keep) {
  const pair = [a, b].filter(Boolean);
  const rows = METRICS.filter(([name]) => pair.some((model) => model.metrics?.[name] != null)).map(([name, words, format]) => [
    words,
    ...pair.map((model) => interval(model.metrics, name, format)),
    b ? difference(a.metrics?.[name], b.metrics?.[name]) : null,
  ]);
  const curves = [
    ...pair.map((model, i) => ({ label: i ? 'compared' : 'champion', token: i ? '--chart-c' : '--chart-a', points: tested(model.metrics) })),
    ...(live.curve?.length ? [{ label: 'by labels', token: '--chart-b', dash: true, points: live.curve.map((p) => [p.recall, p.precision]) }] : []),
  ].filter((line) => line.points.length > 1);
  const matrices = pair.flatMap((model) => [heldBack(model), ofLabels(model.version, live.segments)]).filter(Boolean);
  const head = [['On held-back data'], ...pair.map((model) => [model.version, 1]), ...(b ? [['Difference', 1]] : [])];
  return [
    rows.length
      ? dataTable(head, rows.map((row) => row.slice(0, head.length)))
      : h('p', { class: 'muted aside' }, 'Made without labels, so nothing was held back to measure on. A training run on labelled data measures; until then what people say of alerts does.'),
    h('div', { class: matrices.length > 1 ? 'cards thirds' : 'cards half' }, curves.length ? keep(precisionRecallCard(curves, 'of data held back from training, and of alerts that people labelled')) : null, matrices),
  ];
}

function interval(metrics, name, format) {
  const low = metrics?.[`${name}.low`];
  return [format(metrics?.[name]), low == null ? '' : h('small', {}, ` ${format(low)} – ${format(metrics[`${name}.high`])}`)];
}

function difference(a, b) {
  if (a == null || b == null) return '–';
  return Math.abs(b - a) >= 1 ? `${b > a ? '+' : '−'}${count(Math.abs(b - a))}` : `${b >= a ? '+' : '−'}${Math.abs(b - a).toFixed(3)}`;
}

const tested = (metrics) =>
  Object.entries(metrics ?? {})
    .filter(([name]) => name.startsWith('precision_at_recall.'))
    .map(([name, precision]) => [Number(name.slice('precision_at_recall.'.length)) / 100, precision])
    .sort(([x], [y]) => x - y);

/** Counts follow from precision and recall at the threshold; where no fraud was caught, precision tells nothing of how many false alarms there were. */
function heldBack({ version, metrics = {} }) {
  const { precision_at_threshold: precision, recall_at_threshold: recall, test_labelled: rows, test_frauds: frauds } = metrics;
  if (precision == null || recall == null) return null;
  const caught = Math.round(recall * frauds);
  const wrong = precision ? Math.round(caught / precision) - caught : allAlerts(metrics);
  return confusionCard(version, 'held-back data', [caught, wrong, frauds - caught, wrong == null ? null : rows - frauds - wrong]);
}

/** On labelled rows; null where it is not known, as the alert rate is that of all rows. */
function allAlerts({ alert_rate: rate, test_rows: rows, test_labelled: labelled }) {
  return rate === 0 || rows === labelled ? Math.round(rate * rows) : null;
}

function ofLabels(version, segments = []) {
  const found = segments.find((segment) => segment.name === version)?.confusion;
  if (!found || !(found.truePositives + found.falsePositives)) return null;
  const cells = [found.truePositives, found.falsePositives, found.falseNegativesInSample, found.trueNegativesInSample];
  return confusionCard(version, 'live, by labels', cells);
}

/** cells: caught, false alarms, missed, rightly let pass; null for what is not known. */
export function confusionCard(title, says, [caught, wrong, missed, passed]) {
  const cell = (n, words, of) => h('td', { class: 'n' }, h('b', {}, count(n)), h('small', {}, ` ${words}`), of ? h('small', { class: 'of' }, percent(n / of, 1)) : null);
  const total = (a, b) => (a == null || b == null ? null : a + b);
  const alerts = total(caught, wrong);
  const others = total(missed, passed);
  return h(
    'figure',
    { class: 'card tile confusion' },
    h('header', {}, h('h2', { title }, title), h('span', { class: 'key', title: says }, says)),
    h(
      'table',
      {},
      h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, 'Said'), h('th', { scope: 'col', class: 'n' }, 'Was fraud'), h('th', { scope: 'col', class: 'n' }, 'Was genuine'))),
      h(
        'tbody',
        {},
        h('tr', {}, h('th', { scope: 'row' }, 'Alert'), cell(caught, 'caught', alerts), cell(wrong, 'false alarms', alerts)),
        h('tr', {}, h('th', { scope: 'row' }, 'No alert'), cell(missed, 'missed', others), cell(passed, 'let pass', others)),
      ),
    ),
  );
}
