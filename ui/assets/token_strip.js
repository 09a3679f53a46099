// The sentence as chips: source, arrow, target. A target chip can be chosen by click or arrow keys; Escape chooses none.

function chip(kind, { text, colour, begins, special, spoken }) {
  const made = document.createElement(kind);
  made.textContent = text;
  made.className = `atlas-chip${begins ? " atlas-begins" : ""}${special ? " atlas-special" : ""}`;
  made.style.setProperty("--chip", colour);
  if (spoken !== text) made.setAttribute("aria-label", spoken);
  return made;
}

function choose(view, place) {
  view.chosen = place;
  const options = [...view.target.children];
  options.forEach((option, index) => {
    option.setAttribute("aria-selected", String(index === place));
    option.tabIndex = index === Math.max(0, place) ? 0 : -1;
  });
  reveal(view.root, options[place]);
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

function take(view, place) {
  choose(view, place);
  view.send("piece", { scope: view.data.scope, place });
}

function pressed(view, event) {
  const last = view.target.children.length - 1, at = [...view.target.children].indexOf(document.activeElement);
  const next = { ArrowRight: at + 1, ArrowLeft: at - 1, ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: last }[event.key];
  if (event.key === "Escape") take(view, -1);
  else if (event.key === "Enter" || event.key === " ") take(view, at);
  else if (next === undefined) return;
  else {
    const place = Math.min(last, Math.max(0, next));
    take(view, place);
    view.target.children[place].focus();
  }
  event.preventDefault();
}

function mount(root) {
  const view = { root, source: root.querySelector(".atlas-source"), target: root.querySelector(".atlas-target") };
  view.target.addEventListener("keydown", event => pressed(view, event));
  view.target.addEventListener("click", event => {
    const place = [...view.target.children].indexOf(event.target.closest(".atlas-chip"));
    if (place >= 0) take(view, place === view.chosen ? -1 : place);
  });
  return view;
}

export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".atlas-strip");
  const view = (root.atlas ??= mount(root));
  view.send = setStateValue;
  const fresh = JSON.stringify([data.source, data.target]);
  view.data = data;
  if (view.fresh !== fresh) {
    view.fresh = fresh;
    view.source.setAttribute("aria-label", data.source_name);
    view.target.setAttribute("aria-label", data.target_name);
    view.source.replaceChildren(...data.source.map(piece => chip("li", piece)));
    view.target.replaceChildren(...data.target.map(piece => Object.assign(chip("div", piece), { role: "option" })));
  }
  choose(view, data.chosen);
}
