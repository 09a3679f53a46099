// The address as a link: what is held is written there or taken out; what Streamlit binds is added where it was left out.
function write({ held, bound }, here) {
  if (location.pathname !== here) return;
  const asked = new URLSearchParams(location.search), before = asked.toString();
  for (const [key, value] of Object.entries(held)) value === null ? asked.delete(key) : asked.set(key, value);
  for (const [key, value] of Object.entries(bound)) if (value !== null && !asked.has(key)) asked.set(key, value);
  const after = asked.toString();
  if (after !== before) history.replaceState(history.state, "", after ? `${here}?${after}` : here);
}

export default function ({ data }) {
  const here = location.pathname;
  write(data, here);
  const timer = setTimeout(() => write(data, here), 200);  // after Streamlit, which empties the address of a new page
  return () => clearTimeout(timer);
}
