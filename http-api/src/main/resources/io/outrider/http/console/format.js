// Numbers with thousands separators and units, times as local with UTC in the title.
import { h, shortened } from './dom.js';

const whole = new Intl.NumberFormat(undefined, { maximumFractionDigits: 0 });
const money = new Intl.NumberFormat(undefined, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const short = new Intl.NumberFormat(undefined, { maximumSignificantDigits: 4 });
const clock = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});
const day = new Intl.DateTimeFormat(undefined, { day: '2-digit', month: 'short' });
const full = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium', hourCycle: 'h23' });

const missing = '–';
export const count = (n) => (n == null ? missing : whole.format(n));
const compact = new Intl.NumberFormat(undefined, { notation: 'compact' });
/** At an axis, where millions have no room for their digits. */
export const tick = (n) => (Math.abs(n) >= 1e6 ? compact.format(n) : count(n));
export const amount = (n) => (n == null ? missing : money.format(n));
/** With its currency, where the event named one. */
export const paid = ({ amount: n, currency }) => (currency ? `${amount(n)}\u00a0${shortened(currency, 8)}` : amount(n));
export const value = (n) => (n == null ? 'missing' : (n !== 0 && Math.abs(n) < 1e-4 ? n.toExponential(1) : short.format(n)));
export const score = (n) => (n == null ? missing : n.toFixed(4));
export const signed = (n) => (n >= 0 ? '+' : '−') + Math.abs(n).toFixed(4);
export const percent = (n, digits = 1) => (n == null ? missing : `${(n * 100).toFixed(digits)} %`);
export const rate = (n) => (n == null ? missing : n >= 100 || n === 0 ? whole.format(n) : n.toFixed(1));
export const ms = (n) => (n == null ? missing : n >= 10000 ? `${(n / 1000).toFixed(1)} s` : `${whole.format(n)} ms`);

const sameDay = (a, b) => a.toDateString() === b.toDateString();

/** Only the time today, else with the day; events of other years show the whole date. */
export function time(iso, exact = false) {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return h('span', {}, missing);
  const now = new Date();
  const text =
    exact || at.getFullYear() !== now.getFullYear()
      ? full.format(at)
      : sameDay(at, now)
        ? clock.format(at)
        : `${day.format(at)} ${clock.format(at).slice(0, 5)}`;
  return h('time', { datetime: iso, title: `${iso} (UTC)` }, text);
}

/** ISO-8601 durations as windows are told: P1D becomes 24 h. */
export function span(iso) {
  const parts = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?)?$/.exec(iso);
  if (!parts) return iso;
  const [, d = 0, hr = 0, m = 0, s = 0] = parts.map((p) => (p === undefined ? 0 : p));
  const hours = Number(d) * 24 + Number(hr);
  if (hours > 48 && hours % 24 === 0) return `${hours / 24} d`;
  if (hours) return `${hours} h`;
  return Number(m) ? `${m} min` : `${s} s`;
}

const tickDay = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });
const tickTime = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });

/** Labels for the ticks of a time axis, in seconds: days where they span days, else times of day. */
export function timeTicks(ticks) {
  const days = ticks.length > 1 && ticks[1] - ticks[0] >= 86400;
  return ticks.map((tick, i) => {
    const at = new Date(tick * 1000);
    const newDay = i === 0 || !sameDay(at, new Date(ticks[i - 1] * 1000));
    return days
      ? tickDay.format(at)
      : newDay && ticks[ticks.length - 1] - ticks[0] > 43200
        ? `${tickTime.format(at)}\n${tickDay.format(at)}`
        : tickTime.format(at);
  });
}
