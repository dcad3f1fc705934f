import { Html } from './html.ts';

/**
 * The page's only script, allowed by its hash. It fetches the page again and swaps `main`, and keeps what the reader
 * has open, selected, focused and in sight. Without it the page reloads by itself.
 */
export const SCRIPT = `
(() => {
  const EVERY_MS = 10000;
  const byId = (id) => document.getElementById(id);
  const isReading = () => {
    const selection = getSelection();
    return selection !== null && !selection.isCollapsed && byId('main').contains(selection.anchorNode);
  };
  const inSight = () => [document.activeElement, ...document.querySelectorAll('main [id]')]
    .map((element) => ({ id: element.id, top: element.getBoundingClientRect().top }))
    .find(({ id, top }) => id !== '' && top >= 0 && top < innerHeight);
  const swap = (fetched) => {
    const focused = document.activeElement?.id;
    const anchor = scrollY > 0 ? inSight() : undefined;
    for (const details of document.querySelectorAll('main details[id]')) {
      const same = fetched.getElementById(details.id);
      if (same !== null) same.open = details.open;
    }
    const before = byId('verdict').textContent;
    byId('main').replaceWith(document.adoptNode(fetched.getElementById('main')));
    document.title = fetched.title;
    if (focused) byId(focused)?.focus({ preventScroll: true });
    const moved = anchor && byId(anchor.id);
    if (moved) scrollBy(0, moved.getBoundingClientRect().top - anchor.top);
    const after = byId('verdict').textContent;
    if (after !== before) byId('news').textContent = after;
  };
  const refresh = async () => {
    try {
      if (document.hidden || isReading()) return;
      const response = await fetch(location.href, { cache: 'no-store', signal: AbortSignal.timeout(EVERY_MS) });
      if (!response.ok) throw new Error('HTTP ' + response.status);
      const text = await response.text();
      if (!isReading()) swap(new DOMParser().parseFromString(text, 'text/html'));
      byId('stale').textContent = '';
    } catch {
      byId('stale').textContent = 'freezewatch does not answer: what you see is old.';
    } finally {
      setTimeout(refresh, EVERY_MS);
    }
  };
  setTimeout(refresh, EVERY_MS);
})();
`;

export const SCRIPT_ELEMENT = Html.ofTrusted(`<script>${SCRIPT}</script>`);
