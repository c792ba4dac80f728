// Curves over any x, not time: precision against recall, a metric over versions.
import { keyOf, plotCard, token } from './charts.js';

/**
 * Lines that need not share their x. lines: [{ label, token, points: [[x, y], …], dash, dots }], one
 * without a label (then row names it in the table) stands in no key; x, y: { label, format, range }.
 */
export function curveCard({ title, about, wide, x, y, lines, splits }) {
  const drawn = lines.filter((line) => line.points.length);
  const columns = drawn.map(({ points }) => [points.map(([at]) => at), points.map(([, value]) => value)]);
  return plotCard({
    title,
    about,
    wide,
    note: drawn.filter((line) => line.label).map(keyOf),
    rows: () => ({
      head: ['Line', x.label, y.label],
      rows: drawn.flatMap((line) => line.points.map(([at, value]) => [line.label ?? line.row, x.format(at), y.format(value)])),
    }),
    options: (axis) => ({
      padding: [8, 24, 0, 0],
      cursor: { show: false },
      scales: { x: { time: false, range: () => x.range }, y: { range: () => y.range } },
      axes: [
        { ...axis, size: 26, gap: 8, label: x.label, labelSize: 16, labelGap: 0, labelFont: axis.font, grid: { show: false }, values: (_, at) => at.map(x.format), ...(splits ? { splits: () => splits } : {}) },
        { ...axis, size: 48, gap: 4, space: 28, label: y.label, labelSize: 16, labelGap: 0, labelFont: axis.font, grid: { stroke: token('--line'), width: 1 }, values: (_, at) => at.map(y.format) },
      ],
      series: [
        {},
        ...drawn.map((line) => ({
          stroke: token(line.token),
          width: 1.5,
          dash: line.dash ? [5, 4] : undefined,
          points: { show: Boolean(line.dots) || line.points.length === 1, size: 6, fill: token(line.token) },
          spanGaps: true,
        })),
      ],
    }),
    data: joined(columns),
  });
}

/** One column of all x, ascending, and of each line its values there; where it has none, null. */
function joined(columns) {
  if (!columns.length) return null;
  const all = [...new Set(columns.flatMap(([x]) => x))].sort((a, b) => a - b);
  return [
    all,
    ...columns.map(([x, y]) => {
      const at = new Map(x.map((place, i) => [place, y[i]]));
      return all.map((place) => at.get(place) ?? null);
    }),
  ];
}

const percent = (v) => `${+(v * 100).toFixed(1)} %`;

/** Precision against recall; lines as curveCard has them. */
export const precisionRecallCard = (lines, about) =>
  curveCard({
    title: 'Precision, recall',
    about,
    x: { label: 'Recall', format: percent, range: [0, 1] },
    y: { label: 'Precision', format: percent, range: [0, 1.02] },
    lines,
  });
