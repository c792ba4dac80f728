// Builds elements. Data only ever becomes text nodes and attributes, never markup.

export function h(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value == null || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (name === 'style') Object.entries(value).forEach(([property, to]) => set(element.style, property, to));
    else element.setAttribute(name, value === true ? '' : value);
  }
  append(element, children);
  return element;
}

const set = (style, property, to) => (property.startsWith('--') ? style.setProperty(property, to) : (style[property] = to));

export function append(element, children) {
  for (const child of children.flat(Infinity)) {
    if (child != null && child !== false) element.append(child);
  }
  return element;
}

export function replace(element, ...children) {
  element.replaceChildren();
  return append(element, children);
}

const SVG = 'http://www.w3.org/2000/svg';

function shape(className, viewBox, paths) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', viewBox);
  svg.setAttribute('class', className);
  svg.setAttribute('aria-hidden', 'true');
  for (const [d, cls] of paths) {
    const path = document.createElementNS(SVG, 'path');
    path.setAttribute('d', d);
    if (cls) path.setAttribute('class', cls);
    svg.append(path);
  }
  return svg;
}

const ICONS = {
  live: 'M2 11h4l2-6 4 11 2.500-7 1 2H18',
  alerts:
    'M10 3a4.500 4.500 0 0 0-4.500 4.500c0 4-2 5.500-2 5.500h13s-2-1.500-2-5.500A4.500 4.500 0 0 0 10 3zM8.500 16a1.700 1.700 0 0 0 3 0',
  accounts: 'M10 9.500a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM4 17c.5-3.500 3-5 6-5s5.500 1.500 6 5',
  try: 'M7.500 3h5M8.500 3v5L4 15.500c-.6 1 0 1.500 1 1.500h10c1 0 1.600-.5 1-1.500L11.500 8V3M6.500 12.500h7',
  review: 'M4 3.500h12v13H4zM7 7.500l1.200 1.200L10.500 6.500M7 12.500l1.200 1.200 2.300-2.200M12.500 8h1.500M12.500 13h1.500',
  explore: 'M3 16.500h14M5 16V11M8.300 16V6M11.600 16V8.500M15 16v-3',
  models: 'M10 2.500l6.500 3.700v7.600L10 17.500l-6.500-3.700V6.200zM3.500 6.200L10 10l6.500-3.800M10 10v7.500',
  monitoring: 'M3.500 13a6.500 6.500 0 1 1 13 0M10 13l3-4.500M3.500 16.500h13',
  close: 'M5 5l10 10M15 5L5 15',
  sun: 'M10 6.500a3.500 3.500 0 1 0 0 7 3.500 3.500 0 0 0 0-7zM10 2v1.500M10 16.500V18M2 10h1.500M16.500 10H18M4.300 4.300l1.100 1.100M14.600 14.600l1.100 1.100M4.300 15.700l1.100-1.100M14.600 5.400l1.100-1.100',
  moon: 'M16 11.500A6.500 6.500 0 0 1 8.500 4a6.500 6.500 0 1 0 7.500 7.500z',
};

export const icon = (name) => shape('icon', '0 0 20 20', [[ICONS[name]]]);

// Shape as well as colour: octagon, triangle, square, circle; the two lower ones hollow.
const MARKS = {
  critical: [['M5 1.500h6l3.500 3.500v6L11 14.500H5L1.500 11V5z']],
  high: [['M8 2l6.500 12h-13z']],
  medium: [['M3 3h10v10H3z', 'hollow']],
  low: [['M8 3.500a4.500 4.500 0 1 0 0 9 4.500 4.500 0 0 0 0-9z', 'hollow']],
};

export function mark(severity) {
  const known = MARKS[severity] ? severity : 'low';
  const svg = shape(`mark sev-${known}`, '0 0 16 16', MARKS[known]);
  svg.removeAttribute('aria-hidden');
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-label', severity);
  return svg;
}

export const severityWord = (severity) => h('span', { class: `sevword sev-${severity}` }, mark(severity), severity);

/** Monospaced, shortened in the middle, whole in the title, copied by a click. */
export function copyable(text, whole = false) {
  const button = h(
    'button',
    {
      type: 'button',
      class: 'copy',
      title: `${text}\nClick to copy`,
      onclick: async () => {
        try {
          await navigator.clipboard.writeText(text);
          button.classList.add('done');
          setTimeout(() => button.classList.remove('done'), 1200);
        } catch {
          getSelection().selectAllChildren(button);
        }
      },
    },
    whole ? text : shortened(text),
  );
  return button;
}

export function shortened(text, most = 24) {
  const points = [...String(text)];
  if (points.length <= most) return String(text);
  const half = Math.floor((most - 1) / 2);
  return `${points.slice(0, half).join('')}…${points.slice(-half).join('')}`;
}

export const empty = (title, ...next) => h('div', { class: 'empty' }, h('b', {}, title), ...next);
export const skeleton = (rows = 4) => Array.from({ length: rows }, () => h('div', { class: 'skeleton' }));
/** In the place of a list or a table, as high as its first rows. */
export const skeletonRows = (kind = 'list', rows = 12) => h('div', { class: `skeleton lines ${kind}`, style: { '--rows': rows } });
export const notice = (problem) =>
  h(
    'div',
    { class: 'notice', role: 'alert' },
    h('b', {}, problem.title ?? 'Something failed'),
    ' ',
    problem.detail ?? problem.message ?? '',
  );

/** head: [[text, isNumber]]; rows: arrays of texts or elements. */
export function dataTable(head, rows, rowClass = () => null) {
  return h(
    'div',
    { class: 'tablewrap', tabindex: '0' },
    h(
      'table',
      {},
      h('thead', {}, h('tr', {}, head.map(([text, n]) => h('th', { class: n ? 'n' : null, scope: 'col' }, text)))),
      h(
        'tbody',
        {},
        rows.map((row, r) =>
          h('tr', { class: rowClass(r) }, row.map((cell, i) => h('td', { class: head[i]?.[1] ? 'n' : null }, cell))),
        ),
      ),
    ),
  );
}

export const fact = (term, ...what) => h('div', {}, h('dt', {}, term), h('dd', {}, ...what));
export const block = (title, ...what) => h('section', { class: 'block' }, h('h2', {}, title), ...what);
