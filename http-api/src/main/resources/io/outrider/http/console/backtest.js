// Backtests: what a model would have alerted on, over a dataset: alerts a day and what to expect of one to come, and against another
// model the alerts that would appear and vanish.
import * as api from './api.js';
import { failed } from './arrival.js';
import { keyOf, plotCard, steps, token } from './charts.js';
import { amount, count, percent, score, time } from './format.js';
import { runsCard } from './runs.js';
import { dataTable, empty, fact, h, replace, shortened, skeleton } from './dom.js';

const field = (label, input) => h('label', {}, label, input);
const choice = (label) => h('select', { 'aria-label': label, disabled: true });
const day = (label) => h('input', { type: 'date', 'aria-label': label });
const address = (run) => `#/models?backtest=${api.id(run.id)}`;

/**
 * wanted: the run whose report is shown; the newest that succeeded where there is none. ready: resolves once runs and report are
 * drawn; reveal() then scrolls to a report that was wanted.
 */
export function backtestCard(wanted) {
  const model = choice('Model to backtest');
  const against = choice('Model to backtest against');
  const from = day('First day of the backtest');
  const to = day('Last day of the backtest');
  const form = h('div', { class: 'asks' }, field('Model', model), field('against', against), field('from', from), field('to', to));
  const out = h('div', { class: 'nested' });
  const parts = [];
  let shown = null;
  let reading = null;
  let gone = false;
  const card = runsCard('backtest', () => {}, { form, body, able: () => !model.disabled, onRuns, link: (run) => (run.state === 'succeeded' ? address(run) : null) });
  const element = h('div', {}, card.element, out);

  function body() {
    wanted = null;
    const asked = { model: model.value, against: against.value, from: from.value, to: to.value };
    return Object.fromEntries(Object.entries(asked).filter(([, value]) => value));
  }

  function onRuns(runs) {
    const run = runs.find(({ id, state }) => (wanted ? id === wanted : state === 'succeeded'));
    if (run && run.state !== 'succeeded') return;
    const id = run?.id ?? wanted;
    if (id && id !== shown) reading = load(id);
  }

  async function load(id) {
    const first = shown === null;
    shown = id;
    if (first) replace(out, skeleton(2));
    try {
      const report = await api.get(`backtest/runs/${api.id(id)}/report`);
      if (gone || shown !== id) return;
      clear();
      replace(out, reportOf(id, report, keep));
    } catch (problem) {
      if (gone || shown !== id) return;
      clear();
      replace(out, problem.status === 404 ? empty('No report is kept', problem.detail) : failed(problem, () => load(id)));
    }
  }

  let chosen = false;
  for (const select of [model, against]) {
    select.addEventListener('change', () => {
      chosen = true;
    });
  }

  const keep = (part) => {
    parts.push(part);
    return part.element;
  };
  const clear = () => parts.splice(0).forEach((part) => part.destroy());

  return {
    element,
    ready: card.ready.then(() => reading),
    refresh: card.refresh,
    reveal: () => wanted && out.scrollIntoView({ block: 'nearest' }),
    /** Versions to choose from, newest last; what somebody chose stays chosen. */
    models(versions, champion, candidate) {
      const tried = candidate ?? versions.filter((version) => version !== champion).at(-1) ?? champion;
      offer(model, versions, chosen ? model.value : tried);
      offer(against, ['', ...versions], chosen ? against.value : tried === champion ? '' : champion);
      card.mayStart();
    },
    /** They could not be asked for. */
    noModels() {
      for (const select of [model, against]) replace(select, h('option', { value: '' }, 'the models cannot be read'));
    },
    destroy() {
      gone = true;
      clear();
      card.destroy();
    },
  };
}

function offer(select, versions, chosen) {
  const options = [...versions].reverse().map((value) => h('option', { value, selected: value === chosen }, value || 'no other'));
  replace(select, options);
  select.disabled = false;
}

function reportOf(id, report, keep) {
  const { alertsPerDay: alerts, episodesPerDay: episodes, alertRate: rate, metrics, againstVersion: other } = report;
  const measured = [
    ['Precision', metrics.precision_at_threshold],
    ['Recall', metrics.recall_at_threshold],
  ].filter(([, v]) => v != null);
  const around = (predicted, format) => [format(predicted.mean), h('small', {}, ` ${format(predicted.low)} – ${format(predicted.high)} to come`)];
  return [
    h('h3', {}, `${id}: ${report.modelVersion}${other ? ` against ${other}` : ''}`),
    h(
      'dl',
      { class: 'facts' },
      fact('Events', count(report.events)),
      fact('Days', count(report.days.length)),
      fact('Alerts a day', around(alerts, (v) => (v < 10 ? v.toFixed(1) : count(v)))),
      fact('Episodes a day', around(episodes, (v) => (v < 10 ? v.toFixed(1) : count(v)))),
      fact('Rate', around(rate, (v) => (v * 1000).toFixed(2)), h('small', {}, ', in 1,000')),
      measured.map(([words, v]) => fact(words, percent(v))),
    ),
    h('div', { class: 'cards' }, keep(daysCard(report))),
    other
      ? h('div', { class: 'columns' }, changed('Would appear', report.appear, 'Each alert of this model is one of the other, too.'), changed('Would vanish', report.vanish, 'Each alert of the other model is one of this, too.'))
      : h('p', { class: 'muted aside' }, 'Against another model, this tells the alerts that would appear and vanish.'),
    report.notes.map((note) => h('p', { class: 'muted aside' }, note)),
  ];
}

function changed(title, { count: all, alerts }, none) {
  const head = [['When'], ['Account'], ['Amount', 1], ['Score', 1], ['Other', 1]];
  const byTime = [...alerts].sort((a, b) => Date.parse(a.eventTime) - Date.parse(b.eventTime));
  const rows = byTime.map((alert) => [
    time(alert.eventTime),
    h('a', { class: 'mono', href: `#/accounts/${api.id(alert.account)}`, title: alert.account }, h('bdi', {}, shortened(alert.account, 20))),
    amount(alert.amount),
    score(alert.score),
    score(alert.againstScore),
  ]);
  return h(
    'section',
    { class: 'block changed' },
    h('div', { class: 'titled' }, h('h2', {}, `${title}: ${count(all)}`), all > alerts.length ? h('small', {}, `the first ${count(alerts.length)}`) : null),
    all ? dataTable(head, rows) : empty('None', none),
  );
}

const TICK_PX = 56;
const dayWord = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', timeZone: 'UTC' });

/** Alerts of each day, the other model's as a line over them, and behind both the range of a day to come. */
function daysCard({ days, alertsPerDay: predicted, modelVersion, againstVersion: other }) {
  const words = days.map(({ date }) => dayWord.format(new Date(`${date}T00:00:00Z`)));
  const every = (u) => Math.max(1, Math.ceil((days.length * TICK_PX) / Math.max(TICK_PX, u.width - 80)));
  const most = Math.max(1, predicted.high, ...days.map((each) => Math.max(each.alerts, each.againstAlerts)));
  return plotCard({
    title: 'Alerts a day',
    about: 'by event date, UTC; the band holds 95 of 100 days to come, if days are alike',
    wide: true,
    note: [
      keyOf({ label: modelVersion, token: '--fillbar' }),
      other ? keyOf({ label: other, token: '--chart-c' }) : null,
      h('span', { class: 'key' }, h('i', { class: 'bandkey' }), 'a day to come'),
    ],
    rows: () => ({
      head: ['Day', 'Events', 'Alerts', ...(other ? ['of the other'] : []), 'Episodes'],
      rows: days.map((each) => [each.date, count(each.events), count(each.alerts), ...(other ? [count(each.againstAlerts)] : []), count(each.episodes)]),
    }),
    options: (axis) => ({
      padding: [8, 16, 0, 0],
      cursor: { show: false },
      scales: { x: { time: false, range: () => [-0.5, days.length - 0.5] }, y: { range: () => [0, most * 1.1] } },
      axes: [
        { ...axis, size: 24, gap: 4, grid: { show: false }, splits: (u) => words.map((_, i) => i).filter((i) => i % every(u) === 0), values: (_, at) => at.map((i) => words[i]) },
        { ...axis, size: 46, gap: 4, space: 28, grid: { stroke: token('--line'), width: 1 }, values: (_, at) => at.map(count) },
      ],
      series: [
        {},
        { stroke: token('--fillbar'), width: 0, fill: token('--fillbar'), paths: globalThis.uPlot.paths.bars({ size: [0.82, 60] }), points: { show: false } },
        ...(other ? [{ stroke: token('--chart-c'), width: 1.5, paths: steps, points: { show: false } }] : []),
      ],
      hooks: { drawClear: [(u) => band(u, predicted)] },
    }),
    data: [words.map((_, i) => i), days.map((each) => each.alerts), ...(other ? [days.map((each) => each.againstAlerts)] : [])],
  });
}

function band(u, { low, high }) {
  const top = u.valToPos(high, 'y', true);
  u.ctx.save();
  u.ctx.fillStyle = token('--band');
  u.ctx.fillRect(u.bbox.left, top, u.bbox.width, u.valToPos(low, 'y', true) - top);
  u.ctx.restore();
}
