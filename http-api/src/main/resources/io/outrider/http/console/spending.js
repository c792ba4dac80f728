// What an account spent by hour and by day, each as finely as its state can tell: rings of buckets, and its last transactions.
import { plotCard, token } from './charts.js';
import { amount, count, tick, timeTicks } from './format.js';

const HOUR = 3600000;
const DAY = 24 * HOUR;
const lengthOf = (window) => Number(/^PT(\d+)H$/.exec(window)?.[1] ?? 0) * HOUR;

/** One window's stretches up to the newest event, also those without a transaction, which the server leaves out. */
function ringOf(window, told, last) {
  const width = Date.parse(told[0].end) - Date.parse(told[0].start);
  const known = new Map(told.map(({ start, count, sum }) => [Date.parse(start), { count, sum }]));
  const newest = Math.floor(last / width) * width;
  const from = newest - lengthOf(window);
  const stretches = [];
  for (let at = from; at <= newest; at += width) stretches.push({ from: at, to: at + width, ...(known.get(at) ?? { count: 0, sum: 0 }) });
  return { window, from, width, stretches };
}

/** Finest first. */
function ringsOf({ spending = [], lastEventAt }) {
  const windows = [...new Set(spending.map((s) => s.window))].filter(lengthOf);
  const rings = windows.map((window) => ringOf(window, spending.filter((s) => s.window === window), Date.parse(lastEventAt)));
  return rings.sort((a, b) => a.width - b.width);
}

const sumOf = (list) => list.reduce((all, { count, sum }) => ({ count: all.count + count, sum: all.sum + sum }), { count: 0, sum: 0 });
const within = (list, from, to) => list.filter((each) => each.from >= from && each.from < to);

/**
 * Stretches cut into units where part(from, to, whole) tells each, or all but one, which then has the rest; others stay whole.
 */
function cut(stretches, unit, part) {
  return stretches.flatMap((whole) => {
    const parts = [];
    for (let at = whole.from; at < whole.to; at += unit) parts.push({ from: at, to: at + unit, ...part(at, at + unit, whole) });
    const open = parts.filter((each) => each.count === undefined);
    if (open.length > 1) return [whole];
    if (open.length) {
      const known = sumOf(parts.filter((each) => each !== open[0]));
      Object.assign(open[0], { count: whole.count - known.count, sum: Math.max(0, whole.sum - known.sum) });
    }
    return parts;
  });
}

/** Hours of a stretch all of whose transactions are among the account's last ones. */
function byHour({ stretches }, account) {
  const last = account.recentTransactions.map((t) => ({ from: Date.parse(t.eventTime), count: 1, sum: t.amount }));
  return cut(stretches, HOUR, (from, to, whole) => (within(last, whole.from, whole.to).length === whole.count ? sumOf(within(last, from, to)) : null));
}

/** Days, where a finer ring reaches back so far. */
function byDay({ stretches }, rings) {
  const finer = rings.filter(({ width }) => DAY % width === 0);
  return cut(stretches, DAY, (from, to) => {
    const ring = finer.find((each) => each.from <= from);
    return ring ? sumOf(within(ring.stretches, from, to)) : null;
  });
}

/** Cards by hour over the last day and by day over the longest window, as far as the account's node tells them. */
export function spendingCards(account) {
  const rings = ringsOf(account);
  const day = rings.find(({ window }) => lengthOf(window) === DAY);
  const longest = rings.filter(({ window }) => lengthOf(window) > DAY).at(-1);
  return [
    day ? card('hour', '24 hours', HOUR, byHour(day, account)) : null,
    longest ? card('day', `${lengthOf(longest.window) / DAY} days`, DAY, byDay(longest, rings)) : null,
  ].filter(Boolean);
}

function card(word, time, unit, bars) {
  const all = sumOf(bars);
  const units = (bar) => (bar.to - bar.from) / unit;
  const coarse = bars.some((bar) => bar.count && units(bar) > 1);
  return plotCard({
    title: `Spending by ${word}`,
    about: `in UTC; ${coarse ? `a wide bar is several ${word}s together, each at their mean` : `each bar is one ${word}`}`,
    note: `${amount(all.sum)} in ${time}`,
    rows: () => ({
      head: ['From', `${word}s`, 'Transactions', 'Sum'],
      rows: bars.filter((bar) => bar.count).map((bar) => [new Date(bar.from).toLocaleString(), count(units(bar)), count(bar.count), amount(bar.sum)]),
    }),
    options: (axis) => ({
      padding: [8, 20, 0, 0],
      cursor: { show: false },
      scales: {
        x: { time: true, range: () => [bars[0].from / 1000, bars.at(-1).to / 1000] },
        y: { range: (_, __, max) => [0, (max || 1) * 1.1] },
      },
      axes: [
        { ...axis, size: 34, space: 60, grid: { show: false }, values: (_, ticks) => timeTicks(ticks) },
        { ...axis, size: 56, space: 28, grid: { stroke: token('--line'), width: 1 }, values: (_, ticks) => ticks.map(tick) },
      ],
      series: [{}, { fill: token('--fillbar'), width: 0, paths: (u) => paths(u, bars), points: { show: false } }],
    }),
    data: [bars.map((bar) => (bar.from + bar.to) / 2000), bars.map((bar) => bar.sum / units(bar))],
  });
}

/** Bars as wide as their stretches. */
function paths(u, bars) {
  const fill = new Path2D();
  const floor = u.valToPos(0, 'y', true);
  bars.forEach((bar, i) => {
    if (!bar.count) return;
    const [left, right] = [bar.from, bar.to].map((at) => u.valToPos(at / 1000, 'x', true));
    const top = Math.min(u.valToPos(u.data[1][i], 'y', true), floor - devicePixelRatio);
    const gap = Math.min(devicePixelRatio, (right - left) / 8);
    fill.rect(left + gap, top, right - left - 2 * gap, floor - top);
  });
  return { stroke: null, fill, clip: null, band: null, gaps: null, flags: 0 };
}
