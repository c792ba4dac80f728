// Distributions over the population: ordinary transactions beside flagged ones.
import * as api from './api.js';
import { asked } from './arrival.js';
import { distributionCard } from './charts.js';
import { count, percent } from './format.js';
import { block, dataTable, empty, fact, h, replace, shortened, skeleton } from './dom.js';

const NAMES = 15;
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

  const distributions = async () => {
    // Drift counts a share of all traffic, and may not be told yet; without it devices of flagged transactions stand alone.
    const [population, drift, newest] = await Promise.all([
      api.get('monitoring/population'),
      api.get('monitoring/drift').catch(() => null),
      api.get('alerts?limit=200'),
    ]);
    return content(population, devicesOf(population, drift), firstsOf(newest.items, drift), charts);
  };
  asked(body, distributions, () => gone);
  return {
    destroy() {
      gone = true;
      charts.forEach((chart) => chart.destroy());
    },
  };
}

/**
 * Flagged ones beside all traffic of the last day, as drift counts it; the most flagged first. Of more than drift tells by name only those
 * that were flagged more than once say anything.
 */
function devicesOf({ devices, flagged }, drift) {
  const { present = 0, values = {} } = drift?.fields?.device ?? {};
  if (present && !Object.keys(values).length)
    return { list: devices.filter((device) => device.flagged > 1).map((device) => ({ ...device, others: 0 })), flagged, others: 0, many: true };
  const all = new Map(Object.entries(drift?.fields?.device?.values ?? {}));
  const known = new Map([...[...all.keys()].map((name) => [name, 0]), ...devices.map((device) => [device.name, device.flagged])]);
  const list = [...known].map(([name, n]) => ({ name, flagged: n, others: all.get(name) ?? 0 }));
  return {
    list: list.sort((a, b) => b.flagged - a.flagged || b.others - a.others).slice(0, NAMES),
    flagged,
    others: [...all.values()].reduce((sum, n) => sum + n, 0),
  };
}

/** Transactions on a device that is the account's first of its kind, and others: of the newest alerts, and of all traffic of the last day. */
function firstsOf(alerts, drift) {
  const flagged = alerts.map((alert) => alert.receipt?.vector?.first_on_device).filter((first) => first != null);
  const all = drift?.distributions?.find(({ name, edges }) => name === 'first_on_device' && edges.length === 1)?.now.counts ?? [0, 0];
  const firsts = flagged.filter((first) => first > 0).length;
  return {
    list: [
      { name: 'unfamiliar to the account', flagged: firsts, others: all[1] },
      { name: 'used by it before', flagged: flagged.length - firsts, others: all[0] },
    ],
    flagged: flagged.length,
    others: all[0] + all[1],
  };
}

function content(p, devices, firsts, charts) {
  if (!p.accounts) return empty('No accounts yet', 'Distributions appear with the first transactions.');
  const amounts = amountWords(p.amountBounds);
  const hours = p.hour.ordinary.map((_, i) => `${String(i).padStart(2, '0')}:00`);
  const numbers = p.devicesUsed.ordinary.map((_, i, { length }) => (i === length - 1 ? `${i}+` : `${i}`));
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
      unit: 'Usual amount',
      words: amounts.words,
      ticks: amounts.ticks,
      series: [{ label: 'accounts', token: '--fillbar', counts: p.usualAmount }],
    }),
    distributionCard({
      title: 'Accounts by devices',
      about: 'how many each used lately; flagged are accounts of the newest alerts',
      unit: 'Devices',
      words: numbers,
      ticks: (i) => (i % 2 ? '' : numbers[i]),
      series: both(p.devicesUsed),
    }),
  );
  const merchants = { list: p.merchants.map((item) => ({ ...item, others: item.ordinary })), flagged: p.flagged, others: p.ordinary };
  const widest = Math.max(most(merchants), most(devices));
  return [
    h(
      'dl',
      { class: 'facts' },
      fact('Ordinary', count(p.ordinary)),
      fact('Flagged', count(p.flagged)),
      fact('Accounts read', count(p.accounts)),
      h('div', {}, h('dt', {}, 'Ordinary ones are the last transactions of the accounts read; flagged ones the newest alerts', devices.others || firsts.others ? '; all are those of the last day.' : '.')),
    ),
    h('div', { class: 'cards half' }, charts.map((chart) => chart.element)),
    h(
      'div',
      { class: 'columns' },
      block('Merchants, most flagged first', names(merchants, widest, 'ordinary', merchantName)),
      h(
        'div',
        {},
        firsts.flagged ? block(`Devices, familiar or not, of the newest ${count(firsts.flagged)} flagged`, names(firsts, 1, 'all', (name) => name)) : null,
        block(
          devices.many ? 'Devices flagged more than once' : 'Devices, most flagged first',
          devices.many && !devices.list.length ? empty('None', 'More than fifty devices are in use, and of those lately flagged none was flagged twice.') : names(devices, widest, 'all', bare),
        ),
      ),
    ),
  ];
}

const shareOf = (n, all) => (all ? n / all : 0);
const most = ({ list, flagged, others }) => Math.max(0, ...list.flatMap((item) => [shareOf(item.flagged, flagged), shareOf(item.others, others)]));
const bare = (name) => h('bdi', { title: name }, shortened(name, 28));
const merchantName = (name) => h('a', { href: `#/alerts?merchant=${api.id(name)}` }, bare(name));

/** Shares of the flagged ones beside shares of the others; widest: the share whose bar is as wide as there is room. */
function names({ list, flagged, others }, widest, word, label) {
  if (!list.length) return empty('None named', 'These transactions name none.');
  const share = (n, all, cls) => {
    const part = shareOf(n, all);
    return h('span', { title: `${count(n)} of ${count(all)}` }, percent(part), h('span', { class: 'minibar' }, h('i', { class: cls, style: { width: `${(part / widest) * 100}%` } })));
  };
  const rows = list.map((item) => [label(item.name), count(item.flagged), share(item.flagged, flagged, 'flagged'), others ? share(item.others, others, null) : null]);
  const head = [['Name'], ['Flagged', 1], ['Share of flagged', 1], [`Share of ${word}`, 1]];
  const told = others ? 4 : 3;
  return dataTable(head.slice(0, told), rows.map((row) => row.slice(0, told)));
}

function amountWords(bounds) {
  const words = [`below ${compact.format(bounds[0])}`];
  for (let i = 1; i < bounds.length; i++) words.push(`${compact.format(bounds[i - 1])} – ${compact.format(bounds[i])}`);
  words.push(`${compact.format(bounds[bounds.length - 1])} and more`);
  const ticks = (i) => (i > 0 && i % 3 === 1 ? compact.format(bounds[i - 1]) : '');
  return { words, ticks };
}
