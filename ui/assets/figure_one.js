// The map of Figure 1: each block is a link to its page; the arrow keys turn the pages of the walk.

const SVG = "http://www.w3.org/2000/svg";
const OWN = "input, textarea, select, [contenteditable='true'], [role=radio], [role=slider], [role=option], [role=tab], [role=listbox],"
  + "[role=combobox], [role=spinbutton], [role=application], [role=menuitem], [role=menu], [role=grid], [role=dialog], canvas, audio, video";

// A group of the drawing becomes a link; a real one, so that it can be opened in another tab.
function link(group, { blocks, names, here, you }) {
  const page = blocks[group.dataset.block];
  if (!page) return;
  const anchor = document.createElementNS(SVG, "a"), current = page === here;
  anchor.append(...group.childNodes);
  anchor.dataset.page = page;
  anchor.setAttribute("href", page.replace(/^\d+_/, "") + location.search);
  anchor.setAttribute("aria-label", current ? `${names[page]}, ${you}` : names[page]);
  if (current) anchor.setAttribute("aria-current", "page");
  const title = document.createElementNS(SVG, "title");
  title.textContent = anchor.getAttribute("aria-label");
  anchor.prepend(title);
  group.append(anchor);
}

// Streamlit's own links turn the page without a new visit, and so everything that was chosen stays. They are always there, if unseen.
function go(page) {
  const name = page === "app" ? "" : page.replace(/^\d+_/, "");
  const links = [...document.querySelectorAll('a[data-testid="stPageLink-NavLink"]')];
  const found = links.find(a => new URL(a.href).pathname.split("/").pop() === name);
  if (found) found.click();
  else location.assign((name || "./") + location.search);
}

function draw(root, data) {
  root.setAttribute("aria-label", data.label);
  root.querySelector("summary").textContent = data.summary;
  root.querySelector("svg").setAttribute("aria-label", data.label);
  for (const text of root.querySelectorAll("[data-count]")) text.textContent = data.layers[Number(text.dataset.count)];
  for (const group of root.querySelectorAll("[data-block]")) {
    const old = group.querySelector("a");
    if (old) { old.querySelector("title").remove(); old.replaceWith(...old.childNodes); }
    link(group, data);
  }
  root.querySelector("details").open = matchMedia("(min-width: 1001px)").matches || root.querySelector("details").dataset.asked === "yes";
}

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".atlas-map");
  draw(root, data);
  root.onclick = event => {
    const anchor = event.target.closest("a");
    if (!anchor || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    go(anchor.dataset.page);
  };
  const turn = event => {
    if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (event.target.closest?.(OWN)) return;
    const page = { ArrowLeft: data.before, ArrowRight: data.after }[event.key];
    if (!page) return;
    event.preventDefault();
    go(page);
  };
  document.addEventListener("keydown", turn);
  return () => document.removeEventListener("keydown", turn);
}
