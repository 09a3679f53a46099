// A term of art opens a card: while the mouse is on it, while it has the focus of the keyboard, by a tap or a click (then it stays), by Enter
// (then the focus goes into it). Escape closes it. One card for all; what stands on it comes from Python and is the app's own.

const ID = "atlas-term-card", EDGE = 8, OPEN = 120, SHUT = 300;  // pixels and milliseconds
const ALONG = ["text", "checkpoint", "moment", "which", "target", "french", "search", "width", "temperature", "top_k", "top_p", "seed", "special",
  "palette", "lang", "present"];  // what the sidebar has in the address goes along into another tab
let told = { cards: [] }, known = new Map(), go = null;  // the newest data, the number of each form, and how a page is asked for
let term = null, stays = false, quiet = false, timer = 0;  // whose card is open; whether it stays when the mouse goes; whether a focus opens none

const card = () => document.getElementById(ID);
const termOf = target => target?.closest?.(".atlas-term") ?? null;
const inside = target => Boolean(target?.closest?.(`#${ID}`));
const later = (what, time) => { clearTimeout(timer); timer = setTimeout(what, time); };

function made() {
  const found = card();
  if (found) return found;
  const fresh = Object.assign(document.createElement("div"), { id: ID, className: "atlas-term-card", tabIndex: -1 });
  fresh.innerHTML = `<b id="${ID}-word"></b><p id="${ID}-meaning"></p><div class="atlas-term-card-formula"></div><a></a>`
    + `<button type="button">✕</button>`;
  for (const [name, value] of Object.entries({ role: "dialog", "aria-labelledby": `${ID}-word`, "aria-describedby": `${ID}-meaning` })) fresh.setAttribute(name, value);
  document.body.append(fresh);
  new MutationObserver(() => { if (term && !term.isConnected) shut(); }).observe(document.querySelector("[data-testid=stApp]"), { childList: true, subtree: true });
  return fresh;
}

function address({ page, asked }) {
  const here = new URLSearchParams(location.search), kept = ALONG.filter(key => here.has(key)).map(key => [key, here.get(key)]);
  const query = new URLSearchParams({ ...Object.fromEntries(kept), ...asked }).toString();
  return page.replace(/^\d+_/, "") + (query ? `?${query}` : "");
}

const numberOf = ({ dataset }) => dataset.number !== undefined ? Number(dataset.number) : known.get(dataset.term.toLowerCase());  // of the card, or of a list

function open(which) {
  const number = known.get(which.textContent.toLowerCase());
  if (number === undefined) return;
  if (term && term !== which) shut();
  const { word, meaning, formula, page, name } = told.cards[number], shown = made(), [title, text, sum, link, close] = shown.children;
  title.textContent = which.textContent.toLowerCase().startsWith(word.toLowerCase()) ? word : `${which.textContent} (${word})`;
  text.textContent = meaning;
  sum.innerHTML = formula;
  sum.hidden = !formula;
  link.hidden = !page;
  if (page) Object.assign(link, { href: address(told.cards[number]), textContent: told.live.replace("{name}", name) });
  link.dataset.number = number;
  close.setAttribute("aria-label", told.close);
  term = which;
  term.setAttribute("aria-expanded", "true");
  term.setAttribute("aria-describedby", `${ID}-meaning`);
  term.setAttribute("aria-controls", ID);
  const { color, backgroundColor, colorScheme } = getComputedStyle(document.querySelector("[data-testid=stApp]"));
  Object.assign(shown.style, { color, backgroundColor, colorScheme });
  shown.classList.add("open");
  place();
}

function place() {
  if (!term) return;
  const shown = card(), at = term.getClientRects()[0], { offsetWidth: width, offsetHeight: high } = shown;
  if (!at || at.bottom < 0 || at.top > innerHeight) return shut();
  const below = at.bottom + high + EDGE <= innerHeight || at.top < high + EDGE;
  shown.style.left = `${Math.max(EDGE, Math.min(at.left, document.documentElement.clientWidth - width - EDGE))}px`;
  shown.style.top = `${Math.max(EDGE, below ? at.bottom + 2 : at.top - high - 2)}px`;
}

function shut() {
  clearTimeout(timer);
  if (!term) return;
  const before = term, back = inside(document.activeElement);
  term = null;
  stays = false;
  before.setAttribute("aria-expanded", "false");
  for (const name of ["aria-describedby", "aria-controls"]) before.removeAttribute(name);
  card().classList.remove("open");
  if (back) give(before);
}

function give(word) {  // the focus back
  quiet = true;
  if (word?.isConnected) word.focus({ preventScroll: true });
  quiet = false;
}

function key(event) {
  const touched = termOf(event.target), within = inside(event.target);
  if (event.key === "Escape" && term) {
    event.preventDefault();
    event.stopPropagation();
    return shut();
  }
  if (touched && (event.key === "Enter" || event.key === " ")) {
    event.preventDefault();
    open(touched);
    stays = true;
    if (term) card().focus({ preventScroll: true });
  } else if (event.key === "Tab" && touched && touched === term && stays && !event.shiftKey) {
    const first = card().querySelector("a:not([hidden]), button");
    event.preventDefault();
    first.focus({ preventScroll: true });
  } else if (event.key === "Tab" && within) {  // out of the card the way goes on from its word
    const link = card().querySelector("a:not([hidden])");
    if (event.target === card() && !event.shiftKey || event.target === link && !event.shiftKey || event.target.tagName === "BUTTON" && event.shiftKey && link) return;
    if (event.shiftKey) event.preventDefault();
    shut();
  }
}

function click(event) {
  const touched = termOf(event.target);
  if (touched) {
    if (touched === term && stays) return shut();
    open(touched);
    stays = true;
    return;
  }
  const link = event.target.closest?.(`#${ID} a, a.atlas-live`);
  if (!link && (!inside(event.target) || event.target.closest("button"))) return shut();
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  const number = numberOf(link);
  shut();
  if (matchMedia("(max-width: 640px)").matches) scrollTo(0, 0);
  go?.(number);
}

function listen() {
  const hear = (name, heard) => document.addEventListener(name, heard);
  hear("pointerover", ({ target, pointerType }) => {
    if (pointerType !== "mouse") return;
    const touched = termOf(target);
    if (touched && touched !== term) later(() => open(touched), OPEN);
    else if (touched || inside(target)) clearTimeout(timer);
    else if (term && !stays) later(shut, SHUT);
    else if (!term) clearTimeout(timer);
  });
  hear("focusin", ({ target }) => {
    const touched = termOf(target);
    if (quiet) return;
    if (touched?.matches(":focus-visible")) { if (touched !== term) open(touched); }
    else if (term && !touched && !inside(target)) shut();
  });
  for (const name of ["pointerdown", "focusin"]) hear(name, ({ target }) => {  // so that it can be opened in another tab
    const link = target.closest?.("a.atlas-live");
    if (link && numberOf(link) !== undefined) link.href = address(told.cards[numberOf(link)]);
  });
  hear("keydown", key);
  hear("click", click);
  addEventListener("scroll", place, { capture: true, passive: true });
  addEventListener("resize", place);
}

export default function ({ data, setTriggerValue }) {
  go = number => setTriggerValue("go", number);
  if (told !== data) {
    told = data;
    known = new Map(data.cards.flatMap(({ forms }, number) => forms.map(form => [form, number])));
  }
  if (window.atlasTerms) return window.atlasTerms(data, go);  // once a visit, whichever page is shown
  window.atlasTerms = (newer, ask) => {
    told = newer;
    go = ask;
    known = new Map(newer.cards.flatMap(({ forms }, number) => forms.map(form => [form, number])));
  };
  listen();
}
