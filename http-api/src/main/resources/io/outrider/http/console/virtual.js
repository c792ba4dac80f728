// A list of rows of one height that only keeps those in the DOM that can be seen, however many there are. The height is
// the stylesheet's --row, which changes with the width of the list. Each row is put in its place by a transform, so that
// new ones above let those below slide, and nothing is laid out anew.
import { h } from './dom.js';

const MARGIN = 12;
const BORDERS = 2;
const SLIDE_MS = 200;

/**
 * label: for screen readers; draw(item): its li; key(item): its identity; onSelect(item): a row was moved to.
 * The nearest `.list` above it scrolls.
 */
export function virtualList({ label, draw, key, onSelect }) {
  const list = h('ol', { class: 'alerts virtual', 'aria-label': label });
  const drawn = new Map();
  let items = [];
  let selected = null;
  let scroller = null;
  let height = 0;
  let wanted = false;
  let still = 0;

  function attach() {
    if (scroller || !list.isConnected) return;
    scroller = list.closest('.list');
    scroller.addEventListener('scroll', paint, { passive: true });
    new ResizeObserver(paint).observe(scroller);
  }

  const top = () => list.getBoundingClientRect().top - scroller.getBoundingClientRect().top + scroller.scrollTop;

  /** Draws what can be seen now; rows that stay keep their elements, and with them focus and hover. */
  function paint() {
    attach();
    if (!scroller) return;
    const now = parseFloat(getComputedStyle(list).getPropertyValue('--row')) || 52;
    const focused = height && now !== height ? forget() : null;
    height = now;
    const above = scroller.scrollTop - top();
    const first = Math.max(0, Math.floor(above / height) - MARGIN);
    const last = Math.min(items.length, Math.ceil((above + scroller.clientHeight) / height) + MARGIN);
    const wantedKeys = new Set();
    let at = list.firstChild;
    for (let i = first; i < last; i++) {
      const id = key(items[i]);
      wantedKeys.add(id);
      let row = drawn.get(id);
      if (!row) {
        row = draw(items[i]);
        drawn.set(id, row);
      }
      mark(row, id);
      row.style.transform = `translateY(${i * height}px)`;
      row.setAttribute('aria-posinset', i + 1);
      row.setAttribute('aria-setsize', items.length);
      if (row !== at) list.insertBefore(row, at);
      else at = at.nextSibling;
    }
    for (const [id, row] of drawn) {
      if (wantedKeys.has(id)) continue;
      row.remove();
      drawn.delete(id);
    }
    drawn.get(focused)?.firstChild.focus({ preventScroll: true });
    stretch();
  }

  /** As long as all rows are; to be done before scrolling to one that is new, which ends where the list does. */
  function stretch() {
    list.style.height = `${items.length * height + BORDERS}px`;
  }

  /** Rows of another height are of another form, too, and drawn anew; returns which one had the focus. */
  function forget() {
    const [focused = null] = [...drawn].find(([, row]) => row.contains(document.activeElement)) ?? [];
    drawn.forEach((row) => row.remove());
    drawn.clear();
    return focused;
  }

  function mark(row, id) {
    const link = row.firstChild;
    if (id === selected) link.setAttribute('aria-current', 'true');
    else link.removeAttribute('aria-current');
  }

  /** Several changes within one frame are one drawing. */
  function soon() {
    if (wanted) return;
    wanted = true;
    requestAnimationFrame(() => {
      wanted = false;
      paint();
    });
  }

  /** For a moment rows slide to their new places rather than stand there at once. */
  function slide() {
    clearTimeout(still);
    list.classList.add('sliding');
    still = setTimeout(() => list.classList.remove('sliding'), SLIDE_MS);
  }

  const isAtTop = () => !scroller || scroller.scrollTop <= Math.max(0, top());

  function reveal(index) {
    attach();
    if (!scroller) return;
    if (height) stretch();
    const from = top() + index * height;
    if (from < scroller.scrollTop + 8) scroller.scrollTop = from - 8;
    else if (from + height > scroller.scrollTop + scroller.clientHeight)
      scroller.scrollTop = from + height - scroller.clientHeight + 8;
    paint();
  }

  return {
    element: list,
    set(next) {
      items = next;
      soon();
    },
    /** Rows above the first; what is being read stays where it is. */
    prepend(more) {
      items = [...more, ...items];
      attach();
      if (isAtTop()) slide();
      else if (height) {
        stretch();
        scroller.scrollTop += more.length * height;
      }
      soon();
    },
    append(more) {
      items = [...items, ...more];
      soon();
    },
    cut(most) {
      if (items.length > most) items = items.slice(0, most);
    },
    items: () => items,
    isAtTop,
    toTop() {
      if (scroller) scroller.scrollTop = 0;
    },
    selected: () => selected,
    select(id) {
      selected = id;
      for (const [known, row] of drawn) mark(row, known);
    },
    redraw(id) {
      const row = drawn.get(id);
      const item = items.find((candidate) => key(candidate) === id);
      if (!row || !item) return;
      const focused = row.contains(document.activeElement);
      const fresh = draw(item);
      fresh.style.transform = row.style.transform;
      drawn.set(id, fresh);
      row.replaceWith(fresh);
      mark(fresh, id);
      if (focused) fresh.firstChild.focus({ preventScroll: true });
    },
    /** Moves the selection; false where there is nothing to move to. */
    move(step) {
      if (!items.length) return false;
      const now = items.findIndex((item) => key(item) === selected);
      const next = now < 0 ? (step > 0 ? 0 : items.length - 1) : now + step;
      if (next < 0 || next >= items.length) return true;
      selected = key(items[next]);
      reveal(next);
      for (const [known, row] of drawn) mark(row, known);
      drawn.get(selected)?.firstChild.focus({ preventScroll: true });
      onSelect?.(items[next]);
      return true;
    },
    paint: soon,
  };
}
