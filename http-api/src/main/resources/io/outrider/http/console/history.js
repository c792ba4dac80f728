// An account's last weeks: spending by stretches of time as the state keeps them, single transactions where they are
// still known, the usual range as a band, and one event marked.
import { plotCard, token } from './charts.js';
import { amount, tick, timeTicks } from './format.js';
import { h } from './dom.js';

const seconds = (iso) => Date.parse(iso) / 1000;

/** Points of the chart, oldest first: recent transactions, alerts, and the marked event, each once. */
function points(account, marked) {
  const byId = new Map();
  const add = (t, kind) => byId.set(`${t.transactionId}@${t.eventTime}`, { at: seconds(t.eventTime), amount: t.amount, kind });
  for (const t of account.recentTransactions) add(t, t.alertId ? 'alert' : 'plain');
  for (const alert of account.recentAlerts) add(alert, 'alert');
  if (marked) add(marked, 'marked');
  return [...byId.values()].sort((a, b) => a.at - b.at);
}

/** The middle of what the account usually spends at once: quartiles of what is known and was not flagged. */
function usualRange(known, usual) {
  const plain = known
    .filter((point) => point.kind === 'plain')
    .map((point) => point.amount)
    .sort((a, b) => a - b);
  if (plain.length < 4) return usual == null ? null : [usual / 2, usual * 2];
  const at = (share) => plain[Math.round(share * (plain.length - 1))];
  return [at(0.1), at(0.9)];
}

export function historyCard(account, marked = null) {
  const known = points(account, marked);
  const range = usualRange(known, account.usualAmount);
  const days = (account.spending ?? []).filter((s) => s.window === 'P30D' || s.window === 'PT720H');
  const mean = days.filter((s) => s.count).map((s) => ({ at: seconds(s.start), to: seconds(s.end), mean: s.sum / s.count, count: s.count }));
  const all = [...known.map((p) => p.at), ...mean.flatMap((m) => [m.at, m.to])];
  const from = Math.min(...all);
  const to = Math.max(...all);
  const most = Math.max(1, ...known.map((p) => p.amount), range ? range[1] : 0);
  const key = (cls, words) => h('span', { class: 'key' }, h('i', { class: cls }), words);
  const legend = [
    key('dotkey', 'transaction'),
    key('trikey', 'flagged'),
    mean.length ? key('meankey', 'mean of a stretch') : null,
    range ? key('bandkey', `usual ${amount(range[0])} – ${amount(range[1])}`) : null,
  ];
  return plotCard({
    title: 'Amounts',
    note: legend,
    wide: true,
    rows: () => ({
      head: ['Time', 'Amount', 'What'],
      rows: known.map((p) => [new Date(p.at * 1000).toLocaleString(), amount(p.amount), { alert: 'flagged', marked: 'this one' }[p.kind] ?? '']),
    }),
    options: (axis) => ({
      cursor: { show: false },
      padding: [12, 14, 0, 0],
      scales: {
        x: { time: true, range: () => [from - (to - from || 7200) * 0.02, to + (to - from || 7200) * 0.03] },
        y: { range: () => [0, most * 1.12] },
      },
      axes: [
        { ...axis, size: 34, grid: { show: false }, values: (_, ticks) => timeTicks(ticks) },
        { ...axis, size: 62, grid: { stroke: token('--line'), width: 1 }, values: (_, ticks) => ticks.map(tick) },
      ],
      series: [{}, { paths: () => null, points: { show: false } }],
      hooks: { draw: [(u) => paint(u, known, range, mean)] },
    }),
    data: [known.map((p) => p.at), known.map((p) => p.amount)],
  });
}

function paint(u, known, range, mean) {
  const c = u.ctx;
  const ratio = devicePixelRatio;
  const x = (at) => u.valToPos(at, 'x', true);
  const y = (v) => u.valToPos(v, 'y', true);
  c.save();
  if (range) {
    c.fillStyle = token('--band');
    c.fillRect(u.bbox.left, y(range[1]), u.bbox.width, Math.max(2 * ratio, y(range[0]) - y(range[1])));
  }
  c.strokeStyle = token('--chart-b');
  c.lineWidth = 2 * ratio;
  for (const m of mean) {
    c.beginPath();
    c.moveTo(x(m.at) + ratio, y(m.mean));
    c.lineTo(x(m.to) - ratio, y(m.mean));
    c.stroke();
  }
  for (const p of known) mark(c, x(p.at), y(p.amount), p.kind, ratio);
  c.restore();
}

function mark(c, x, y, kind, ratio) {
  c.beginPath();
  c.fillStyle = token(kind === 'plain' ? '--chart-a' : '--high');
  if (kind === 'plain') {
    c.arc(x, y, 3 * ratio, 0, 2 * Math.PI);
  } else {
    c.moveTo(x, y - 6 * ratio);
    c.lineTo(x + 5.5 * ratio, y + 4 * ratio);
    c.lineTo(x - 5.5 * ratio, y + 4 * ratio);
  }
  c.fill();
  if (kind !== 'marked') return;
  c.beginPath();
  c.strokeStyle = token('--text');
  c.lineWidth = 1.5 * ratio;
  c.arc(x, y, 10 * ratio, 0, 2 * Math.PI);
  c.stroke();
}
