// The key "/" leads into the field of the search, unless one is typing elsewhere. A closed sidebar is opened first.

const TYPING = "input, textarea, select, [contenteditable='true'], [role=textbox], [role=combobox], [role=spinbutton], [role=dialog]";
const OPENING = 400;  // milliseconds that the sidebar takes

function lead(event) {
  if (event.key !== "/" || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.(TYPING)) return;
  const field = () => document.querySelector(".st-key-atlas_search input"), expand = document.querySelector("[data-testid=stExpandSidebarButton]");
  if (!field() || getComputedStyle(document.querySelector("[data-testid=stSidebar]")).display === "none") return;
  event.preventDefault();
  if (expand) expand.click();
  setTimeout(() => { field()?.focus(); field()?.select(); }, expand ? OPENING : 0);
}

export default function () {
  if (window.atlasSearch) return;  // once a visit, whichever page is shown
  window.atlasSearch = true;
  document.addEventListener("keydown", lead);
}
