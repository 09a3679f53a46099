// Add to the address what it lacks, once the page has settled. What is there already stays as it is.
export default function ({ data }) {
  const here = location.pathname;
  const timer = setTimeout(() => {
    const asked = new URLSearchParams(location.search), lacks = Object.entries(data).filter(([key]) => !asked.has(key));
    if (!lacks.length || location.pathname !== here) return;
    lacks.forEach(([key, value]) => asked.set(key, value));
    history.replaceState(history.state, "", `${here}?${asked}`);
  }, 150);
  return () => clearTimeout(timer);
}
