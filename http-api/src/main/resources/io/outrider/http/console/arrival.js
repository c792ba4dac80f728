// How parts of a view come and are drawn again, so that nothing that is read, focused or scrolled moves under its reader.
import { append, skeleton } from './dom.js';

/**
 * Shows parts from the top down, each once those above it stand. parts: promises of elements or of null, none of which fails;
 * gone(): whether nobody waits any more.
 */
export async function inOrder(place, parts, gone = () => false) {
  let waiting = [];
  for (const part of parts) {
    waiting = skeleton(3);
    append(place, waiting);
    const element = await part;
    waiting.forEach((bar) => bar.remove());
    if (gone()) return;
    if (element) place.append(element);
  }
}

const FOCUSABLE = 'a[href], button, input, select, summary, [tabindex]';

/**
 * As replace, for what is asked for again and again: the same is left alone, and focus and sideways scroll stay where they were. Charts
 * are never the same.
 */
export function redraw(place, ...children) {
  const next = append(document.createElement(place.tagName), children);
  if (!next.querySelector('.chart') && same(place.childNodes, next.childNodes)) return;
  const focused = [...place.querySelectorAll(FOCUSABLE)].indexOf(document.activeElement);
  const scrolled = [...place.querySelectorAll('.tablewrap')].map((table) => table.scrollLeft);
  place.replaceChildren(...next.childNodes);
  place.querySelectorAll('.tablewrap').forEach((table, i) => (table.scrollLeft = scrolled[i] ?? 0));
  if (focused >= 0) place.querySelectorAll(FOCUSABLE)[focused]?.focus({ preventScroll: true });
}

const same = (now, next) => now.length === next.length && [...now].every((node, i) => node.isEqualNode(next[i]));
