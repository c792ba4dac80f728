// The registry's models as a table.
import * as api from './api.js';
import { value } from './format.js';
import { block, dataTable, empty, h } from './dom.js';

/** All versions with the figures that any of them has. */
export async function versions() {
  const { items } = await api.get('models');
  if (!items.length) return block('Versions', empty('No models', 'A training run makes one.'));
  const metrics = [...new Set(items.flatMap((model) => Object.keys(model.metrics ?? {})))].slice(0, 6);
  const words = (name) => name.replaceAll('_', ' ').replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
  const head = [['Version'], ['Stage'], ...metrics.map((name) => [words(name), 1])];
  const rows = items.map((model) => [
    h('span', { class: 'mono' }, model.version ?? model.modelVersion),
    model.stage ?? '',
    ...metrics.map((name) => value(model.metrics?.[name])),
  ]);
  return block('Versions', dataTable(head, rows));
}
