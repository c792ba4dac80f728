// Data quality: bad, late and repeated records of the stream by partition, and what ETL found in the newest dataset.
import * as api from './api.js';
import { count, percent, time, value } from './format.js';
import { block, copyable, dataTable, empty, fact, h } from './dom.js';

const COLUMNS = 12;
const sum = (counts) => Object.values(counts ?? {}).reduce((all, n) => all + n, 0);
const reasons = (counts) => Object.entries(counts ?? {}).map(([reason, n]) => `${reason} ${count(n)}`).join(', ');

export async function qualitySection() {
  const { partitions, dataset } = await api.get('monitoring/quality');
  return h('div', {}, stream(partitions), dataset ? newest(dataset) : block('Data quality, dataset', empty('No dataset yet', 'An ETL run makes one, under ', h('a', { href: '#/models' }, 'Models'), '.')));
}

function stream(partitions) {
  const rows = partitions.map((p) => [
    String(p.partition),
    count(p.events),
    count(sum(p.bad)),
    count(p.late),
    count(p.skipped),
    h('span', { class: 'wrap' }, reasons(p.bad) || '–'),
  ]);
  const head = [['Partition'], ['Events', 1], ['Bad', 1], ['Late', 1], ['Came again', 1], ['Why bad']];
  return block('Data quality, stream', rows.length ? dataTable(head, rows) : empty('No partition runs on this node', 'Each counts from when the node took it.'));
}

function newest({ name, version, createdAt, mayTrain, failures, added, total }) {
  const of = (n, counts) => [count(n), h('small', {}, ` ${percent(counts.rows ? n / counts.rows : null, 2)}`)];
  const line = (words, read, title) => [h('span', { title }, words), of(read(added), added), of(read(total), total)];
  const rows = [
    ['Rows', count(added.rows), count(total.rows)],
    line('Bad', (counts) => sum(counts.bad), reasons(total.bad)),
    line('More than once', (counts) => counts.repeated, 'records that stood in the raw log more than once'),
    line('Missing', (counts) => counts.missing, 'sequence numbers that the raw log does not have'),
    line('Late', (counts) => counts.late, 'older than every window of their account'),
  ];
  return block(
    'Data quality, newest dataset',
    h(
      'dl',
      { class: 'facts' },
      fact('Dataset', copyable(`${name}:${version}`)),
      fact('Made', time(createdAt)),
      fact('Gate', mayTrain ? 'may train' : h('span', { class: 'error' }, 'must not train')),
    ),
    failures.length ? h('ul', { class: 'reasons' }, failures.map((failure) => h('li', {}, failure))) : null,
    h('div', { class: 'columns' }, dataTable([['Records'], ['Added', 1], ['In all', 1]], rows), columns(total)),
  );
}

/** Columns that lack values first. */
function columns({ columns: all, rows }) {
  const order = [...all].sort((a, b) => b.nulls - a.nulls);
  const line = (column) => [column.name, count(column.nulls), percent(rows ? column.nulls / rows : null, 1), value(column.min), value(column.max)];
  const head = [['Column'], ['Without a value', 1], ['Share', 1], ['Least', 1], ['Most', 1]];
  const rest = order.slice(COLUMNS);
  return h(
    'div',
    {},
    dataTable(head, order.slice(0, COLUMNS).map(line)),
    rest.length ? h('details', {}, h('summary', {}, `The other ${rest.length} columns`), dataTable(head, rest.map(line))) : null,
  );
}
