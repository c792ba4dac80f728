// Small charts over uPlot, each a card with its table behind a key. Colours come from the tokens, so a change of theme redraws.
import { dataTable, h, replace } from './dom.js';
import { count, timeTicks } from './format.js';

export const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const charts = new Set();

export const redraw = () => charts.forEach((chart) => chart.draw());

/** Shows all charts of the page as tables, or as charts again. */
export function toggleTables() {
  const tables = [...charts].some((chart) => !chart.isTable());
  charts.forEach((chart) => chart.table(tables));
}

/**
 * A card with one chart.
 *
 * options(axis): what uPlot wants, beyond size; data: its columns, null before there are any; rows(): { head, rows }
 * for the table; note: what stands beside the title; now: an element at the end of the title line.
 */
export function plotCard({ title, about, note, now, wide, tall, options, data = null, rows }) {
  const none = h('div', { class: 'none', hidden: data !== null }, 'Nothing yet');
  const box = h('div', { class: tall ? 'chart tall' : 'chart' }, none);
  const table = h('div', { class: 'charttable', hidden: true, tabindex: '0' });
  const card = h(
    'figure',
    { class: wide ? 'card wide' : 'card' },
    h('header', {}, h('h2', { title: about }, title), note ? h('span', { class: 'key' }, note) : null, now),
    box,
    table,
  );
  let plot = null;
  let current = data;

  function draw() {
    plot?.destroy();
    plot = null;
    if (!current || box.clientWidth <= 0 || !globalThis.uPlot) return;
    const axis = { stroke: token('--faint'), font: '11px system-ui, sans-serif', ticks: { show: false } };
    const size = { width: box.clientWidth, height: box.clientHeight, legend: { show: false } };
    plot = new globalThis.uPlot({ ...size, ...options(axis) }, current, box);
  }

  const observer = new ResizeObserver(() =>
    plot ? plot.setSize({ width: box.clientWidth, height: box.clientHeight }) : draw(),
  );
  observer.observe(box);
  const chart = {
    element: card,
    draw,
    plot: () => plot,
    set(next) {
      current = next;
      none.hidden = next !== null;
      if (!next) draw();
      else if (plot) plot.setData(next);
      else draw();
      if (!table.hidden) chart.table(true);
    },
    isTable: () => !table.hidden,
    table(shown) {
      table.hidden = !shown;
      box.hidden = shown;
      if (!shown) return draw();
      const { head, rows: lines } = current ? rows() : { head: [''], rows: [] };
      replace(table, dataTable(head.map((text, i) => [text, i > 0]), lines));
    },
    destroy() {
      observer.disconnect();
      plot?.destroy();
      charts.delete(chart);
    },
  };
  charts.add(chart);
  return chart;
}

/** What counts as going on now, in points of a line, and how far above it a line may rise before it is let out of the chart. */
const RECENT = 12;
const SURGE = 5;

/** The highest value of the lines that a chart of what goes on now has to show: a surge long ago, such as a catch-up, does not flatten the rest. */
export function calm(lines) {
  const highest = (values) => values.reduce((most, value) => Math.max(most, value ?? 0), 0);
  const most = highest(lines.map(highest));
  const now = highest(lines.map((line) => highest(line.slice(-RECENT))));
  return now > 0 ? Math.min(most, now * SURGE) : most;
}

/**
 * Lines over time. lines: [{ label, token, fill }]; format: value to text, tick: the same at the axis; limit: a level drawn as a dashed line; follows: whether the scale
 * follows what goes on now, and says the peak of a surge that it leaves out.
 */
export function timeCard({ title, about, lines, format, tick = format, unit, limit = null, follows = false }) {
  const several = lines.length > 1;
  const now = h('span', { class: several ? 'now num several' : 'now num' });
  let data = null;

  /** Each line's value at a point, of several lines with their names. */
  function say(index) {
    const values = lines.map((line, i) => [several ? keyOf(line) : null, text(data?.[i + 1][index], format)]);
    replace(now, values.flat(), h('small', {}, unit));
  }
  say(0);

  const chart = plotCard({
    title,
    about,
    now,
    rows: () => ({
      head: ['Time', ...lines.map((line) => `${line.label}, ${unit}`)],
      rows: data[0]
        .map((at, i) => [moment(at, data[0]), ...lines.map((_, l) => text(data[l + 1][i], format))])
        .reverse(),
    }),
    options: (axis) => ({
      padding: [6, 28, 0, 0],
      cursor: { y: false, drag: { x: false, y: false }, points: { size: 5 } },
      scales: { x: { time: true }, y: { range: (_, __, max) => [0, Math.max(1, (follows && data ? calm(data.slice(1)) : (max ?? 0)) * 1.15, (limit ?? 0) * 1.1)] } },
      axes: [
        {
          ...axis,
          size: () => (isLong(data[0]) ? 34 : 24),
          gap: 6,
          space: 90,
          grid: { show: false },
          values: (_, ticks) => (isLong(data[0]) ? timeTicks(ticks) : ticks.map(clockOf)),
        },
        {
          ...axis,
          size: 46,
          gap: 4,
          space: 28,
          grid: { stroke: token('--line'), width: 1 },
          values: (_, ticks) => ticks.map(ticks.every(Number.isInteger) ? count : tick),
        },
      ],
      series: [
        {},
        ...lines.map((line) => ({
          label: line.label,
          stroke: token(line.token),
          width: 1.25,
          dash: line.dash ? [5, 4] : undefined,
          fill: line.fill ? token('--band') : undefined,
          points: { show: false },
          spanGaps: true,
        })),
      ],
      hooks: {
        setCursor: [(u) => say(u.cursor.idx ?? u.data[0].length - 1)],
        draw: [(u) => (limit == null ? null : level(u, limit)), (u) => (follows ? offTheTop(u, format) : null)],
      },
    }),
  });
  const set = chart.set;
  chart.set = (next) => {
    data = next[0].length > 1 ? next : null;
    set(data);
    if (data && chart.plot()?.cursor.idx == null) say(data[0].length - 1);
  };
  return chart;
}

/**
 * Distributions over the same bins, as shares of their own observations. series: [{ label, token, counts }], the first
 * one filled; words: what each bin is called; ticks(i): the axis's label at a bin, or empty; mark: what stands at the end of
 * the title line, in place of the numbers of observations.
 */
export function distributionCard({ title, about, wide, mark = null, words, ticks, series, unit }) {
  const shares = series.map(({ counts }) => {
    const total = counts.reduce((sum, n) => sum + n, 0);
    return counts.map((n) => (total ? n / total : 0));
  });
  const totals = series.map(({ counts }) => counts.reduce((sum, n) => sum + n, 0));
  return plotCard({
    title,
    about,
    wide,
    now: mark ? h('span', { class: 'mark' }, mark) : null,
    note: series.map((line, i) => keyOf({ ...line, label: mark ? line.label : `${line.label}, ${totals[i].toLocaleString()}` })),
    rows: () => ({
      head: [unit, ...series.flatMap((line) => [line.label, 'share'])],
      rows: words.map((word, i) => [
        word,
        ...series.flatMap((line, s) => [line.counts[i].toLocaleString(), `${(shares[s][i] * 100).toFixed(1)} %`]),
      ]),
    }),
    options: (axis) => ({
      padding: [8, 16, 0, 0],
      cursor: { show: false },
      scales: { x: { time: false, range: () => [-0.5, words.length - 0.5] }, y: { range: (_, __, max) => [0, (max || 1) * 1.1] } },
      axes: [
        {
          ...axis,
          size: 24,
          gap: 4,
          grid: { show: false },
          splits: () => words.map((_, i) => i).filter((i) => ticks(i)),
          values: (_, at) => at.map((i) => ticks(i)),
        },
        { ...axis, size: 40, gap: 4, space: 28, grid: { stroke: token('--line'), width: 1 }, values: (_, at) => at.map((v) => `${+(v * 100).toFixed(1)}%`) },
      ],
      series: [
        {},
        ...series.map((line, i) => ({
          stroke: token(line.token),
          width: i ? 1.5 : 0,
          fill: i ? undefined : token('--fillbar'),
          paths: i ? steps : globalThis.uPlot.paths.bars({ size: [0.82, 60] }),
          points: { show: false },
        })),
      ],
    }),
    data: [words.map((_, i) => i), ...shares],
  });
}

/** A line that is level over the whole width of each bin. */
export function steps(u, s, from, to) {
  const stroke = new Path2D();
  for (let i = from; i <= to; i++) {
    const y = u.valToPos(u.data[s][i], 'y', true);
    const begin = u.valToPos(i - 0.5, 'x', true);
    if (i === from) stroke.moveTo(begin, y);
    else stroke.lineTo(begin, y);
    stroke.lineTo(u.valToPos(i + 0.5, 'x', true), y);
  }
  return { stroke, fill: null, clip: null, band: null, gaps: null, flags: 0 };
}

/** Whether times need their day said. */
const isLong = (times) => times.at(-1) - times[0] > 43200;
const clockOf = (at) => new Date(at * 1000).toLocaleTimeString(undefined, { hourCycle: 'h23' });
const moment = (at, times) => (isLong(times) ? new Date(at * 1000).toLocaleString() : clockOf(at));

const text = (v, format) => (v == null ? '–' : format(v));

export const keyOf = (line) =>
  h('span', { class: 'key' }, h('i', { style: { borderColor: `var(${line.token})`, borderTopStyle: line.dash ? 'dashed' : null } }), line.label);

/** Beside where the first line comes back into the chart: how high it was. */
function offTheTop(u, format) {
  const line = u.data[1];
  const peak = line.reduce((most, value, i) => ((value ?? 0) > (line[most] ?? 0) ? i : most), 0);
  if (!(line[peak] > u.scales.y.max)) return;
  let back = peak;
  while (back < line.length - 1 && line[back] > u.scales.y.max) back++;
  const c = u.ctx;
  const x = u.valToPos(u.data[0][back], 'x', true) + 5 * devicePixelRatio;
  const words = `↑ ${format(line[peak])}`;
  c.save();
  c.fillStyle = token('--faint');
  c.font = `${11 * devicePixelRatio}px system-ui, sans-serif`;
  c.textBaseline = 'top';
  c.textAlign = x + c.measureText(words).width > u.bbox.left + u.bbox.width ? 'right' : 'left';
  c.fillText(words, x, u.bbox.top + 2 * devicePixelRatio);
  c.restore();
}

function level(u, at) {
  const c = u.ctx;
  const y = u.valToPos(at, 'y', true);
  c.save();
  c.strokeStyle = token('--high');
  c.setLineDash([5 * devicePixelRatio, 4 * devicePixelRatio]);
  c.beginPath();
  c.moveTo(u.bbox.left, y);
  c.lineTo(u.bbox.left + u.bbox.width, y);
  c.stroke();
  c.restore();
}
