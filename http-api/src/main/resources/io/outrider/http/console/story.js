// Says in the analyst's terms what happened, from the receipt's feature vector. Only what the vector holds is said; a
// plan with other features falls back on the reasons in its own words.
import { amount, count } from './format.js';

const times = (ratio) => (ratio >= 9.95 ? Math.round(ratio).toLocaleString() : ratio.toFixed(1));
const perDay = (n) => (n >= 10 ? Math.round(n).toLocaleString() : n.toFixed(n < 1 ? 1 : 0));

function amountClause(alert, v) {
  if (alert.usualAmount == null || alert.usualAmount <= 0) return null;
  const ratio = alert.amount / alert.usualAmount;
  if (ratio >= 2) {
    const beyond = v.amount_to_max > 1 ? ', a new high' : '';
    return `${times(ratio)} times the usual ${amount(alert.usualAmount)}${beyond}`;
  }
  return null;
}

/** An account remembers so many names and no more: what is not among them need not be new. */
function placeClauses(v) {
  const firsts = [];
  if (v.first_at_merchant > 0) firsts.push('at an unfamiliar merchant');
  if (v.first_on_device > 0) firsts.push('on an unfamiliar device');
  if (v.first_from_network > 0) firsts.push('from an unfamiliar network');
  return firsts;
}

/** How many are usual is told of an account with events older than the 30 days: the days of a younger one are not known here. */
function paceClause(v) {
  const usual = v.count_30d > 1 && v.events >= v.count_30d ? v.count_30d / 30 : null;
  const tell = usual == null ? '' : `, usually ${perDay(usual)} a day`;
  if (v.count_1h >= 3 && (usual == null || v.count_1h > usual)) return `${count(v.count_1h)} payments within an hour${tell}`;
  if (v.count_24h >= 5 && usual != null && v.count_24h > 3 * usual)
    return `${count(v.count_24h)} payments within a day${tell}`;
  return null;
}

function riskClause(alert, v) {
  const frauds = (n) => (n === 1 ? 'one confirmed fraud' : `${count(n)} confirmed frauds`);
  if (v.account_frauds_30d > 0) return `${frauds(v.account_frauds_30d)} on this account within 30 days`;
  if (v.merchant_frauds_30d > 0) return `${frauds(v.merchant_frauds_30d)} at this merchant within 30 days`;
  return null;
}

/** Whether it is the number of payments that made most of the score. */
function isPaced(alert) {
  const parts = alert.attributions ?? [];
  const most = parts.reduce((best, part) => (part.contribution > (best?.contribution ?? 0) ? part : best), null);
  return most != null && most.feature.startsWith('count_');
}

const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

/** { head, more }: the sentence, and the rest in shorter ones. */
export function story(alert) {
  const v = alert.receipt?.vector ?? {};
  if (!('count_30d' in v)) return { head: capital(alert.reasons?.[0] ?? 'Unusual'), more: alert.reasons?.slice(1) ?? [] };
  const one = [amountClause(alert, v), ...placeClauses(v)].filter(Boolean).join(', ');
  const pace = paceClause(v);
  const first = isPaced(alert) ? [pace, one] : [one, pace];
  const rest = [riskClause(alert, v), v.repeated_id > 0 ? 'transaction id used before' : null];
  const [head, ...more] = [...first, ...rest].filter(Boolean);
  if (!head) return { head: capital(alert.reasons?.[0] ?? 'Unusual'), more: alert.reasons?.slice(1) ?? [] };
  return { head: capital(head), more: more.map(capital) };
}
