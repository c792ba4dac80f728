// The nodes of the cluster, as chips in a line and as a table: which are heard, what they do, which partitions they run.
import * as api from './api.js';
import { redraw } from './arrival.js';
import { block, dataTable, empty, h, notice, replace } from './dom.js';

const POLL_MS = 5000;

/**
 * Asks for the nodes from time to time and draws them, waiting until then; what was known last stays while the server is away.
 * ready: resolves with the element once something is drawn.
 */
export function nodesPart(draw, waiting) {
  const element = h('div', {}, waiting);
  let gone = false;
  let drawn = false;
  let tell;
  const ready = new Promise((resolve) => (tell = resolve));

  async function poll() {
    try {
      const cluster = await api.get('monitoring/nodes');
      if (gone) return;
      redraw(element, draw(cluster));
      drawn = true;
    } catch (problem) {
      if (!gone && !drawn) replace(element, notice(problem));
    }
    tell(element);
    if (!gone) setTimeout(poll, POLL_MS);
  }
  poll();
  return { element, ready, destroy: () => (gone = true) };
}

const squares = (partitions, state = 'ok') => partitions.map((p) => h('i', { class: state, title: `partition ${p}` }, p));
const isWell = (node) => node.reachable && node.status === 'up';

/** The place of the first chip. */
export const noChips = () => h('ul', { class: 'nodes' }, h('li', {}, h('i', { class: 'dot well' }), h('small', {}, 'asking for the nodes')));

/** A host by its own name, without its domain's; an address as it is. */
const shortName = (address) => address.replace(/^([a-z][^.:]*)\..*$/i, '$1');

/** Partitions that run nowhere, then one chip a node, in one line whatever their number: what is not well first. */
export function nodeChips({ nodes, homeless }) {
  return h(
    'ul',
    { class: 'nodes', tabindex: '0', 'aria-label': 'Nodes and their partitions' },
    homeless.length ? h('li', { class: 'error' }, 'No node runs ', h('span', { class: 'squares' }, squares(homeless, 'not'))) : null,
    [...nodes].sort((a, b) => isWell(a) - isWell(b)).map((node) =>
      h(
        'li',
        { title: `${node.address}: ${node.roles.join(', ')}` },
        h('i', { class: isWell(node) ? 'dot well' : 'dot' }),
        h('span', { class: 'mono' }, shortName(node.address)),
        h('small', {}, [node.here ? 'this node' : null, isWell(node) ? null : node.reachable ? node.status : 'not heard'].filter(Boolean).join(', ')),
        node.partitions.length > 16 ? `${node.partitions.length} partitions` : h('span', { class: 'squares' }, squares(node.partitions)),
      ),
    ),
  );
}

export function nodeTable({ nodes, homeless }) {
  const rows = nodes.map((node) => [
    [h('span', { class: 'mono' }, node.address), node.here ? h('small', {}, ' this node') : ''],
    isWell(node) ? 'up' : h('b', { class: 'error' }, node.reachable ? node.status : 'not heard'),
    node.roles.join(', '),
    h('span', { class: 'squares' }, squares(node.partitions)),
  ]);
  return block(
    'Nodes',
    nodes.length ? dataTable([['Node'], ['State'], ['Does'], ['Partitions']], rows) : empty('No nodes', 'This node is in no cluster yet.'),
    homeless.length ? h('p', { class: 'error' }, `No node runs partition ${homeless.join(', ')}.`) : null,
  );
}
