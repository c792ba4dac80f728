// Distributions over the population: ordinary transactions beside flagged ones.
import * as api from './api.js';
import { distributionCard } from './charts.js';
import { count, percent } from './format.js';
import { block, dataTable, empty, fact, h, notice, replace, shortened, skeleton } from './dom.js';

const compact = new Intl.NumberFormat(undefined, { notation: 'compact' });

export function exploreView(root) {
  const charts = [];
  const body = h('div', {}, skeleton(6));
  const search = h(
    'form',
    { class: 'filters', onsubmit: find },
    h('input', { name: 'merchant', placeholder: 'Merchant', 'aria-label': 'Merchant', autocomplete: 'off' }),
    h('input', { name: 'account', placeholder: 'Account', 'aria-label': 'Account', autocomplete: 'off' }),
    h('button', { class: 'plain' }, 'Find alerts'),
  );
  const head = h('div', { class: 'head' }, h('h1', {}, 'Explore'), h('small', {}, 'what is ordinary, and what was flagged'), search);
  replace(root, h('div', { class: 'view' }, h('div', { class: 'list' }, head, body)));
  let gone = false;

  function find(event) {
    event.preventDefault();
    const asked = new URLSearchParams([...new FormData(search)].filter(([, value]) => value.trim()));
    location.hash = `#/alerts${String(asked) ? `?${asked}` : ''}`;
  }

  api.get('monitoring/population').then(
    (population) => !gone && replace(body, content(population, charts)),
    (problem) => replace(body, notice(problem)),
  );
  return {
    destroy() {
      gone = true;
      charts.forEach((chart) => chart.destroy());
    },
  };
}

function content(p, charts) {
  if (!p.accounts) return empty('No accounts yet', 'Distributions appear with the first transactions.');
  const amounts = amountWords(p.amountBounds);
  const hours = p.hour.ordinary.map((_, i) => `${String(i).padStart(2, '0')}:00`);
  const both = (pair) => [
    { label: 'ordinary', token: '--fillbar', counts: pair.ordinary },
    { label: 'flagged', token: '--high', counts: pair.flagged },
  ];
  charts.push(
    distributionCard({ title: 'Amount', about: 'share of each kind', unit: 'Amount', words: amounts.words, ticks: amounts.ticks, series: both(p.amount) }),
    distributionCard({
      title: 'Hour of day, UTC',
      about: 'share of each kind',
      unit: 'Hour',
      words: hours,
      ticks: (i) => (i % 6 === 0 ? hours[i] : ''),
      series: both(p.hour),
    }),
    distributionCard({
      title: 'Accounts by usual amount',
      wide: true,
      unit: 'Usual amount',
      words: amounts.words,
      ticks: amounts.ticks,
      series: [{ label: 'accounts', token: '--fillbar', counts: p.usualAmount }],
    }),
  );
  return [
    h(
      'dl',
      { class: 'facts' },
      fact('Ordinary', count(p.ordinary)),
      fact('Flagged', count(p.flagged)),
      fact('Accounts read', count(p.accounts)),
      h('div', {}, h('dt', {}, 'Ordinary ones are the last transactions of the accounts read; flagged ones the newest alerts.')),
    ),
    h('div', { class: 'cards half' }, charts.map((chart) => chart.element)),
    h(
      'div',
      { class: 'columns' },
      block('Merchants, most flagged first', names(p.merchants, p, 'merchant')),
      block('Devices of flagged transactions', names(p.devices, p, null)),
    ),
  ];
}

function names(list, p, filter) {
  if (!list.length) return empty('None named', 'These transactions name none.');
  const most = Math.max(...list.map((item) => item.flagged / (p.flagged || 1)), ...list.map((item) => item.ordinary / (p.ordinary || 1)));
  const bar = (share, cls) => h('span', { class: 'minibar' }, h('i', { class: cls, style: { width: `${(share / most) * 100}%` } }));
  const rows = list.map((item) => [
    filter ? h('a', { href: `#/alerts?${filter}=${api.id(item.name)}` }, h('bdi', { title: item.name }, shortened(item.name, 28))) : h('bdi', { title: item.name }, shortened(item.name, 28)),
    count(item.flagged),
    [percent(item.flagged / (p.flagged || 1)), bar(item.flagged / (p.flagged || 1), 'flagged')],
    filter ? count(item.ordinary) : null,
  ]);
  const head = [['Name'], ['Flagged', 1], ['Share of flagged', 1]];
  return dataTable(filter ? [...head, ['Ordinary', 1]] : head, filter ? rows : rows.map((row) => row.slice(0, 3)));
}

function amountWords(bounds) {
  const words = [`below ${compact.format(bounds[0])}`];
  for (let i = 1; i < bounds.length; i++) words.push(`${compact.format(bounds[i - 1])} – ${compact.format(bounds[i])}`);
  words.push(`${compact.format(bounds[bounds.length - 1])} and more`);
  const ticks = (i) => (i > 0 && i % 3 === 1 ? compact.format(bounds[i - 1]) : '');
  return { words, ticks };
}
