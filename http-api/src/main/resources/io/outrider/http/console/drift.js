// Drift: each feature's distribution as it was and as it is, the ones that moved most first.
import * as api from './api.js';
import { distributionCard } from './charts.js';
import { count, percent, time, value } from './format.js';
import { block, empty, fact, h } from './dom.js';

const FIRST = 9;
const words = (name) => name.replaceAll('_', ' ');

export async function driftSection(keep) {
  const report = await api.get('monitoring/drift');
  const tested = new Map(report.columns.map((column) => [column.name, column]));
  const order = [...report.distributions].sort((a, b) => rank(tested.get(b.name)) - rank(tested.get(a.name)));
  const moved = report.columns.filter((column) => column.drifted).length;
  const told = report.findings.filter((finding) => !finding.includes(' is distributed otherwise'));
  const cards = h('div', { class: 'cards', tabindex: '0', role: 'group', 'aria-label': 'Distributions of features' });
  const show = (list) => cards.append(...list.map((shape) => keep(overlay(shape, tested.get(shape.name), report.untested?.[shape.name]))));
  const more = h(
    'button',
    {
      type: 'button',
      class: 'plain',
      onclick: () => {
        show(order.slice(FIRST));
        more.remove();
      },
    },
    `Show the other ${count(order.length - FIRST)}`,
  );
  if (report.events) show(order.slice(0, FIRST));
  return block(
    'Drift, what was usual against the last day',
    h(
      'dl',
      { class: 'facts' },
      fact('Moved', report.columns.length ? `${count(moved)} of ${count(report.columns.length)} features` : 'too few events to say'),
      fact('Against', report.baseline),
      fact('Counted', count(report.events), h('small', {}, ' one event in four')),
      fact('From', time(report.from)),
      report.precision ? fact('Precision by labels', precision(report.precision)) : null,
    ),
    report.events ? null : empty('Nothing counted yet', 'Traffic is counted hour by hour; the first counts are there within minutes.'),
    told.length ? h('ul', { class: 'reasons' }, told.map((finding) => h('li', {}, finding))) : null,
    report.events ? cards : null,
    report.events && order.length > FIRST ? h('p', {}, more) : null,
  );
}

/** The newest week's against the weeks before. */
const precision = ({ recent, before, fallen }) => [
  percent(recent.value),
  h('small', {}, ` ${percent(recent.low)} – ${percent(recent.high)}, before ${percent(before.value)}`),
  fallen ? h('span', { class: 'error' }, ' fallen') : null,
];

/** Those that have drifted first, then by how far they have moved. */
const rank = (column) => (column ? (column.drifted ? 1 : 0) + (column.ks ?? 0) : -1);

function overlay({ name, edges, before, now }, column, untested) {
  const shown = before.counts.length ? bins(edges, before, now) : { words: [], was: [], is: [] };
  return distributionCard({
    title: name === 'raw_score' ? 'raw score' : words(name),
    about: column ? `largest difference of the distribution functions ${value(column.ks)}, population stability index ${value(column.psi)}, p ${value(column.pValue)}` : untested,
    mark: untested ? 'not comparable' : column?.drifted ? `moved, KS ${column.ks.toFixed(2)}` : column ? `KS ${column.ks.toFixed(2)}` : 'not tested',
    unit: words(name),
    words: shown.words,
    ticks: (i) => (i && i % Math.ceil(shown.words.length / 5) === 0 ? shown.short[i] : ''),
    series: [
      { label: 'usual', token: '--fillbar', counts: shown.was },
      { label: 'now', token: '--chart-c', counts: shown.is },
    ],
  });
}

/** The bins in words; a last one for values that were missing, where any were. */
function bins(edges, before, now) {
  const missing = before.missing + now.missing > 0;
  const all = before.counts.map((_, i) =>
    edges.length === 0 ? 'any' : i === 0 ? `below ${value(edges[0])}` : i === edges.length ? `${value(edges[i - 1])} and more` : `${value(edges[i - 1])} – ${value(edges[i])}`,
  );
  const starts = before.counts.map((_, i) => (i ? value(edges[i - 1]) : ''));
  return {
    words: missing ? [...all, 'missing'] : all,
    short: missing ? [...starts, 'missing'] : starts,
    was: missing ? [...before.counts, before.missing] : before.counts,
    is: missing ? [...now.counts, now.missing] : now.counts,
  };
}
