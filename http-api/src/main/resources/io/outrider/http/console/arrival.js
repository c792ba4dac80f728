// How parts of a view come and are drawn again, so that nothing that is read, focused or scrolled moves under its reader.
import { append, block, h, notice, replace, skeleton } from './dom.js';

const AGAIN_MS = 5000;

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

/** What the one who asked is to mend is not asked again by itself. */
const passes = ({ status }) => !(status >= 400 && status < 500) || status === 408 || status === 429;

/** Why there is no answer, and the way to ask again; what may pass by itself is asked again for as long as this is seen. */
export function failed(problem, again) {
  const button = h('button', { type: 'button', class: 'plain', onclick: again }, 'Try again');
  const element = h('div', { class: 'failed' }, notice(problem), button);
  if (passes(problem)) setTimeout(() => element.isConnected && again(), AGAIN_MS);
  return element;
}

/**
 * Fills a place with what make() resolves with, or says why it cannot, under a title if it has one, and goes on asking; resolves after
 * the first answer of either kind. gone(): whether nobody waits any more.
 */
export async function asked(place, make, gone, title = null) {
  try {
    const made = await make();
    if (!gone()) replace(place, made);
  } catch (problem) {
    if (gone()) return;
    const why = failed(problem, () => asked(place, make, gone, title));
    replace(place, title ? block(title, why) : why);
  }
}
