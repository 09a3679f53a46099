// The sentence as chips: source, arrow, target. A chip of either side can be chosen by click or arrow keys; Escape chooses none.

function chip({ text, colour, begins, special, spoken, place }) {
  const made = document.createElement("div");
  made.textContent = text;
  made.className = `atlas-chip${begins ? " atlas-begins" : ""}${special ? " atlas-special" : ""}`;
  made.style.setProperty("--chip", colour);
  made.setAttribute("role", "option");
  made.dataset.place = String(place);
  if (spoken !== text) made.setAttribute("aria-label", spoken);
  return made;
}

function choose(view, side, place) {
  if (!view.data.sides.includes(side)) place = null;
  view.chosen[side] = place;
  view[side].setAttribute("aria-disabled", String(!view.data.sides.includes(side)));
  const options = [...view[side].children], chosen = options.find(option => Number(option.dataset.place) === place);
  for (const option of options) {
    option.setAttribute("aria-selected", String(option === chosen));
    option.tabIndex = option === (chosen ?? options[0]) ? 0 : -1;
  }
  reveal(scrolled(view[side]), chosen);
}

// What scrolls: a row of its own on a telephone, the whole strip elsewhere.
const scrolled = row => getComputedStyle(row).overflowX === "auto" ? row : row.closest(".atlas-strip");

// On which sides there are chips out of sight: they fade away there.
// A long sentence has one line for each side, which scrolls: so both are always in view.
function measure(view) {
  view.root.classList.remove("atlas-long");
  view.root.classList.toggle("atlas-long", innerWidth <= 640 || view.root.scrollHeight > 132);
  for (const side of ["source", "target"]) { choose(view, side, view.chosen[side]); hint(view[side]); }
}

function hint(row) {
  const left = row.scrollLeft > 4 ? ["left"] : [], right = row.scrollLeft + row.clientWidth < row.scrollWidth - 4 ? ["right"] : [];
  row.dataset.more = [...left, ...right].join(" ");
}

// Within the strip only: `scrollIntoView` would also move the page.
function reveal(root, option) {
  if (!option) return;
  const [outer, inner] = [root.getBoundingClientRect(), option.getBoundingClientRect()];
  if (inner.left < outer.left) root.scrollLeft -= outer.left - inner.left + 12;
  if (inner.right > outer.right) root.scrollLeft += inner.right - outer.right + 12;
  if (inner.top < outer.top) root.scrollTop -= outer.top - inner.top + 8;
  if (inner.bottom > outer.bottom) root.scrollTop += inner.bottom - outer.bottom + 8;
}

function take(view, side, place) {
  if (!view.data.sides.includes(side)) return;
  choose(view, side, place);
  view.send("piece", { scope: view.data.scope, side, place });
}

function pressed(view, side, event) {
  const options = [...view[side].children], last = options.length - 1, at = options.indexOf(document.activeElement);
  const next = { ArrowRight: at + 1, ArrowLeft: at - 1, ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: last }[event.key];
  if (event.key === "Escape") take(view, side, null);
  else if (event.key === "Enter" || event.key === " ") take(view, side, Number(options[at].dataset.place));
  else if (next === undefined) return;
  else {
    const option = options[Math.min(last, Math.max(0, next))];
    take(view, side, Number(option.dataset.place));
    option.focus();
  }
  event.preventDefault();
  event.stopPropagation();  // arrow keys elsewhere turn the pages of the walk
}

function mount(root) {
  const view = { root, chosen: {}, source: root.querySelector(".atlas-source"), target: root.querySelector(".atlas-target") };
  for (const side of ["source", "target"]) {
    view[side].addEventListener("scroll", () => hint(view[side]), { passive: true });
    view[side].addEventListener("keydown", event => pressed(view, side, event));
    view[side].addEventListener("click", event => {
      const option = event.target.closest(".atlas-chip");
      if (!option) return;
      const place = Number(option.dataset.place);
      take(view, side, place === view.chosen[side] ? null : place);
    });
  }
  let width = 0;
  new ResizeObserver(() => { if (width !== root.clientWidth) { width = root.clientWidth; measure(view); } }).observe(root);
  return view;
}

export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".atlas-strip");
  const view = (root.atlas ??= mount(root));
  view.send = setStateValue;
  const fresh = JSON.stringify([data.source, data.target]);
  view.data = data;
  for (const side of ["source", "target"]) {
    if (view.fresh !== fresh) {
      view[side].setAttribute("aria-label", data.names[side]);
      view[side].replaceChildren(...data[side].map(chip));
    }
    choose(view, side, data.chosen[side]);
    hint(view[side]);
  }
  if (view.fresh !== fresh) measure(view);
  view.fresh = fresh;
}
