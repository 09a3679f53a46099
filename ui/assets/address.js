// The address as a link: what is held is written there or taken out; what Streamlit binds is added where it was left out.
function write({ held, bound }, here) {
  if (location.pathname !== here) return;
  const asked = new URLSearchParams(location.search), before = asked.toString();
  asked.delete("to_led");
  for (const [key, value] of Object.entries(held)) value === null ? asked.delete(key) : asked.set(key, value);
  for (const [key, value] of Object.entries(bound)) if (value !== null && !asked.has(key)) asked.set(key, value);
  const after = asked.toString();
  if (after !== before) history.replaceState(history.state, "", after ? `${here}?${after}` : here);
}

// On the way to another page Streamlit pushes several half-written addresses, some of the page that is being left. For the browser's
// Back there is to be one entry for each page visited, as it was when it was left: `settled`.
const way = (window.atlasWay ??= { settled: null });
if (!way.push) {
  way.push = history.pushState.bind(history);
  history.pushState = (state, title, address) => {
    const path = new URL(address ?? location.href, location.href).pathname;
    if (path === location.pathname) return history.replaceState(state, title, address);
    if (way.settled && new URL(way.settled).pathname === location.pathname) history.replaceState(history.state, "", way.settled);
    way.push(state, title, address);
  };
}

export default function ({ data }) {
  const here = location.pathname;
  const settle = () => { write(data, here); if (location.pathname === here) way.settled = location.href; };
  settle();
  const timer = setTimeout(settle, 200);  // after Streamlit, which empties the address of a new page
  return () => clearTimeout(timer);
}
