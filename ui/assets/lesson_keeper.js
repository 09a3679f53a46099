// The lesson that is being written stays in this browser: after a reload, in a new tab, after a step of a lesson, each a page of its own.
const PLACE = "atlas_lesson";
const stored = () => { try { return JSON.parse(localStorage.getItem(PLACE)); } catch { return null; } };

export default function ({ data, setTriggerValue }) {
  const view = (window.atlasLesson ??= { told: false });
  if (data.known) {
    try { localStorage.setItem(PLACE, JSON.stringify({ text: data.text, writing: data.writing })); } catch { /* no room: the session has it */ }
  } else if (!data.heard && !view.told) {
    view.told = true;
    const kept = stored();
    if (kept || new URLSearchParams(location.search).get("lesson") === "mine") setTriggerValue("found", kept ?? { text: "" });
  }
  // another tab wrote
  const hear = event => { if (event.key === PLACE && event.newValue !== event.oldValue && stored()) setTriggerValue("found", stored()); };
  window.addEventListener("storage", hear);
  return () => window.removeEventListener("storage", hear);
}
