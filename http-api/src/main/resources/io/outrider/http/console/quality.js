// Data quality, told by the shape of its answer: figures as facts, lists as tables,
// intervals as ranges, each under the words of its field.
import * as api from './api.js';
import { value } from './format.js';
import { block, dataTable, empty, fact, h } from './dom.js';

const COLUMNS = 8;

export async function qualitySection() {
  return block('Data quality', describe(await api.get('monitoring/quality')));
}

const words = (name) => {
  const spaced = name.replaceAll(/[_-]/g, ' ').replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
};
const isInterval = (v) => v && typeof v === 'object' && 'low' in v && 'high' in v;
const isPlain = (v) => v === null || typeof v !== 'object' || isInterval(v);

function tell(v) {
  if (v === null || v === undefined) return '–';
  if (isInterval(v)) {
    const middle = v.value ?? v.estimate ?? v.share;
    return `${middle === undefined ? '' : `${value(middle)} `}(${value(v.low)} – ${value(v.high)})`;
  }
  if (typeof v === 'boolean') return v ? 'yes' : 'no';
  return typeof v === 'number' ? value(v) : String(v);
}

function describe(answer) {
  const entries = Object.entries(answer);
  const plain = entries.filter(([, v]) => isPlain(v));
  const lists = entries.filter(([, v]) => Array.isArray(v));
  const nested = entries.filter(([, v]) => !isPlain(v) && !Array.isArray(v));
  return [
    plain.length ? h('dl', { class: 'facts' }, plain.map(([name, v]) => fact(words(name), tell(v)))) : null,
    nested.map(([name, v]) => h('div', { class: 'nested' }, h('h3', {}, words(name)), describe(v))),
    lists.map(([name, list]) => h('div', { class: 'nested' }, h('h3', {}, words(name)), table(list))),
  ];
}

function table(list) {
  if (!list.length) return empty('Nothing yet', 'It is told as soon as there is enough to say.');
  if (isPlain(list[0])) return h('p', {}, list.map(tell).join(', '));
  const names = [...new Set(list.flatMap((item) => Object.keys(item)))].filter((name) => list.every((item) => isPlain(item[name] ?? null))).slice(0, COLUMNS);
  const head = names.map((name) => [words(name), list.some((item) => typeof item[name] === 'number' || isInterval(item[name]))]);
  return dataTable(
    head,
    list.slice(0, 100).map((item) => names.map((name) => h('bdi', {}, tell(item[name])))),
  );
}
