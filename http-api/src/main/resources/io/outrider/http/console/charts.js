// Small line charts over uPlot. Colours come from the tokens, so a change of theme redraws.
import { h } from './dom.js';
import { timeTicks } from './format.js';

const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const charts = new Set();

/**
 * A card with a chart: title (about says more on hover), the value now or under the pointer, and lines over time.
 * lines: [{ label, token, fill }]; format: value to text.
 */
export function timeCard({ title, about, lines, format, unit }) {
  const now = h('span', { class: 'now num' }, '–');
  const none = h('div', { class: 'none' }, 'Nothing yet');
  const box = h('div', { class: 'chart' }, none);
  const keys =
    lines.length > 1
      ? lines.map((line, i) => h('span', { class: 'key' }, h('i', { class: i ? 'b' : null }), line.label))
      : null;
  const card = h('figure', { class: 'card' }, h('header', {}, h('h2', { title: about }, title), keys, now), box);
  let data = null;
  let plot = null;

  function say(index) {
    const text = data
      ? lines.map((_, i) => (data[i + 1][index] == null ? '–' : format(data[i + 1][index]))).join(' / ')
      : '–';
    now.replaceChildren(text, h('small', {}, ` ${unit}`));
  }

  function options() {
    const axis = {
      stroke: token('--faint'),
      font: '11px system-ui, sans-serif',
      grid: { stroke: token('--line'), width: 1 },
      ticks: { show: false },
    };
    return {
      width: box.clientWidth,
      height: box.clientHeight,
      legend: { show: false },
      padding: [6, 8, 0, 0],
      cursor: { y: false, drag: { x: false, y: false }, points: { size: 5 } },
      scales: { x: { time: true }, y: { range: (_, __, max) => [0, Math.max(1, max * 1.15)] } },
      axes: [
        { ...axis, size: 22, gap: 4, space: 90, grid: { show: false }, values: '{HH}:{mm}:{ss}' },
        { ...axis, size: 44, gap: 4, space: 32, values: (_, ticks) => ticks.map((tick) => format(tick)) },
      ],
      series: [
        {},
        ...lines.map((line) => ({
          label: line.label,
          stroke: token(line.token),
          width: 1.5,
          fill: line.fill ? token('--band') : undefined,
          points: { show: false },
          spanGaps: false,
        })),
      ],
      hooks: { setCursor: [(u) => say(u.cursor.idx ?? data[0].length - 1)] },
    };
  }

  function draw() {
    plot?.destroy();
    plot = null;
    if (data && box.clientWidth > 0 && globalThis.uPlot) plot = new globalThis.uPlot(options(), data, box);
  }

  const observer = new ResizeObserver(() =>
    plot ? plot.setSize({ width: box.clientWidth, height: box.clientHeight }) : draw(),
  );
  observer.observe(box);
  const chart = {
    element: card,
    draw,
    set(next) {
      data = next[0].length > 1 ? next : null;
      none.hidden = data !== null;
      if (!data) return;
      if (plot) plot.setData(data);
      else draw();
      if (plot?.cursor.idx == null) say(data[0].length - 1);
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

/** An account's recent amounts, its usual one as a line, alerts marked. */
export function amountsCard(transactions, usual, format) {
  const inOrder = [...transactions].sort((a, b) => Date.parse(a.eventTime) - Date.parse(b.eventTime));
  const box = h('div', { class: 'chart' });
  const card = h(
    'figure',
    { class: 'card wide' },
    h(
      'header',
      {},
      h('h2', {}, 'Recent amounts'),
      h('span', { class: 'key' }, '● transaction   ▲ alert', usual == null ? '' : `   – – usual ${format(usual)}`),
    ),
    box,
  );
  let plot = null;

  function draw() {
    plot?.destroy();
    plot = null;
    if (!box.clientWidth || !globalThis.uPlot) return;
    const x = inOrder.map((t) => Date.parse(t.eventTime) / 1000);
    const axis = { stroke: token('--faint'), font: '11px system-ui, sans-serif', ticks: { show: false } };
    plot = new globalThis.uPlot(
      {
        width: box.clientWidth,
        height: box.clientHeight,
        legend: { show: false },
        padding: [8, 12, 0, 0],
        cursor: { show: false },
        scales: {
          x: {
            time: true,
            range: (_, min, max) =>
              min === max ? [min - 3600, max + 3600] : [min - (max - min) * 0.02, max + (max - min) * 0.02],
          },
          y: { range: (_, __, max) => [0, Math.max(1, (usual ?? 0) * 1.2, max * 1.1)] },
        },
        axes: [
          { ...axis, size: 34, grid: { show: false }, values: (_, ticks) => timeTicks(ticks) },
          { ...axis, size: 64, grid: { stroke: token('--line'), width: 1 }, values: (_, ticks) => ticks.map(format) },
        ],
        series: [{}, { paths: () => null, points: { show: false } }],
        hooks: { draw: [(u) => marks(u, inOrder, usual)] },
      },
      [x, inOrder.map((t) => t.amount)],
      box,
    );
  }

  const observer = new ResizeObserver(draw);
  observer.observe(box);
  const chart = {
    element: card,
    draw,
    destroy() {
      observer.disconnect();
      plot?.destroy();
      charts.delete(chart);
    },
  };
  charts.add(chart);
  return chart;
}

function marks(u, transactions, usual) {
  const context = u.ctx;
  const ratio = devicePixelRatio;
  context.save();
  if (usual != null) {
    const y = u.valToPos(usual, 'y', true);
    context.strokeStyle = token('--faint');
    context.setLineDash([4 * ratio, 4 * ratio]);
    context.beginPath();
    context.moveTo(u.bbox.left, y);
    context.lineTo(u.bbox.left + u.bbox.width, y);
    context.stroke();
  }
  for (const t of transactions) {
    const x = u.valToPos(Date.parse(t.eventTime) / 1000, 'x', true);
    const y = u.valToPos(t.amount, 'y', true);
    context.beginPath();
    context.fillStyle = token(t.alertId ? '--high' : '--chart-a');
    if (t.alertId) {
      context.moveTo(x, y - 6 * ratio);
      context.lineTo(x + 5.5 * ratio, y + 4 * ratio);
      context.lineTo(x - 5.5 * ratio, y + 4 * ratio);
    } else {
      context.arc(x, y, 2.5 * ratio, 0, 2 * Math.PI);
    }
    context.fill();
  }
  context.restore();
}

export const redraw = () => charts.forEach((chart) => chart.draw());
