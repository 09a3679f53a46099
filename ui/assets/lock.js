// What a lesson has locked is out of reach of the keyboard too: `inert`. Whatever is drawn later is found by the observer.
export default function ({ data }) {
  window.atlasLocked = data.pages;  // see `turnTo`
  const mark = () => {
    const wanted = new Set(data.still ? document.querySelectorAll(data.still) : []);
    document.querySelectorAll("[data-atlas-locked]").forEach(each => { if (!wanted.has(each)) { each.inert = false; delete each.dataset.atlasLocked; } });
    wanted.forEach(each => { if (!each.inert) { each.inert = true; each.dataset.atlasLocked = ""; } });
  };
  mark();
  if (!data.still) return;
  const watch = new MutationObserver(mark);
  watch.observe(document.body, { childList: true, subtree: true });
  return () => watch.disconnect();
}
