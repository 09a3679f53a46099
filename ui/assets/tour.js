// The tour: a ring around the real thing on the real page, and beside it a card with its words. It goes on over a change of the page, for it
// belongs to the window. A stop whose thing is not there is left out. Whether the tour was offered before, the browser's storage knows.

const SEEN = "atlas-tour", PAD = 6, EDGE = 10, NARROW = "(max-width: 640px)";  // the key in the storage, and pixels
const LATE = 20000, SOON = 1500, LOOK = 100;  // milliseconds that a thing has to appear, on a new page and on this one, and between two looks
const CLOSED = "[data-testid=stExpandSidebarButton]", OPEN = "[data-testid=stSidebarCollapseButton] button";

const tour = (window.atlasTour ??= { at: -1, begun: false });

function seen(value) {
  try {
    if (value) localStorage.setItem(SEEN, value);
    return localStorage.getItem(SEEN) !== null;
  } catch { return true; }  // who cannot be remembered is not asked each time
}

const find = where => [...document.querySelectorAll(`[data-testid=stApp] ${where}`)].find(each => {
  const { width, height, right } = each.getBoundingClientRect();
  return width > 20 && height > 4 && right > 0;
});
const pause = time => new Promise(done => setTimeout(done, time));
const still = () => document.querySelector("[data-test-script-state]")?.dataset.testScriptState !== "running";
const path = page => page === "home" ? "" : page.replace(/^\d+_/, "");
const leads = link => link.getAttribute("href").split("?")[0].split("/").pop();  // "" is Home: as an address it would be this page
const here = page => location.pathname.split("/").pop() === path(page);

function turn(page) {
  const link = [...document.querySelectorAll("a[data-testid=stPageLink-NavLink]")].find(each => leads(each) === path(page));
  link?.click();
  return Boolean(link);
}

async function sidebar(open) {  // on a telephone it lies on the page
  if (open ? !document.querySelector(CLOSED) : !matchMedia(NARROW).matches || document.querySelector(CLOSED)) return;
  document.querySelector(open ? CLOSED : OPEN)?.click();
  await pause(400);
}

async function reach(stop, mine) {
  const turned = !here(stop.page);
  if (turned && !turn(stop.page)) return null;
  if (turned) await pause(300);
  for (let waited = 0; waited < (turned ? LATE : SOON); waited += LOOK) {
    if (tour.run !== mine) return null;
    if (here(stop.page) && (!turned || still())) {
      await sidebar(stop.side);
      const thing = find(stop.where);
      if (thing) return thing;
    }
    await pause(LOOK);
  }
  return null;
}

async function go(number, step) {
  const mine = tour.run = {};
  tour.card.querySelectorAll("button").forEach(each => each.setAttribute("aria-disabled", "true"));
  for (let at = number; at >= 0 && at < tour.stops.length; at += step) {
    const thing = await reach(tour.stops[at], mine);
    if (tour.run !== mine) return;
    if (thing) return stand(at, thing);
  }
  if (step > 0 || tour.at < 0) end();
  else stand(tour.at, tour.thing);
}

function stand(at, thing) {
  const { words, stops, card } = tour, last = at === stops.length - 1;
  Object.assign(tour, { at, thing });
  card.querySelector(".atlas-tour-at").textContent = words.of.replace("{number}", at + 1).replace("{count}", stops.length);
  card.querySelector("h2").textContent = stops[at].title;
  card.querySelector("p").textContent = stops[at].words;
  card.querySelectorAll("button").forEach(each => each.removeAttribute("aria-disabled"));
  card.querySelector("[data-do=back]").hidden = at === 0;
  card.querySelector("[data-do=skip]").hidden = last;
  card.querySelector("[data-do=next]").textContent = last ? words.done : words.next;
  tour.box.hidden = false;
  const room = innerHeight * (matchMedia(NARROW).matches ? 0.35 : 0.6), high = thing.getBoundingClientRect().height;
  thing.scrollIntoView({ block: high > room ? "start" : "center", inline: "nearest" });
  if (high > room && !tour.stops[at].side) thing.closest("[data-testid=stMain]")?.scrollBy(0, -90);
  place();
  card.querySelector("[data-do=next]").focus({ preventScroll: true });
}

// The ring follows its thing wherever that moves; the card stands where there is room, on a telephone at the bottom.
function place() {
  cancelAnimationFrame(tour.frame);
  if (!tour.box) return;
  tour.frame = requestAnimationFrame(place);
  if (tour.at < 0 || tour.box.hidden) return;
  if (!tour.thing.isConnected) tour.thing = find(tour.stops[tour.at].where) ?? tour.thing;
  const { left, top, right, bottom } = tour.thing.getBoundingClientRect(), { ring, card } = tour;
  const at = { left: Math.max(2, left - PAD), top: Math.max(2, top - PAD), right: Math.min(innerWidth - 2, right + PAD), bottom: Math.min(innerHeight - 2, bottom + PAD) };
  Object.assign(ring.style, { left: `${at.left}px`, top: `${at.top}px`, width: `${Math.max(0, at.right - at.left)}px`, height: `${Math.max(0, at.bottom - at.top)}px` });
  if (matchMedia(NARROW).matches) return Object.assign(card.style, { left: "", top: "" });
  const wide = card.offsetWidth, high = card.offsetHeight, fit = (value, most) => Math.max(EDGE, Math.min(value, most - EDGE));
  const spots = [
    [at.left, at.bottom + EDGE, at.bottom + EDGE + high < innerHeight], [at.right + EDGE, at.top, at.right + EDGE + wide < innerWidth],
    [at.left - EDGE - wide, at.top, at.left - EDGE - wide > 0], [at.left, at.top - EDGE - high, at.top - EDGE - high > 0],
  ];
  const [x, y] = spots.find(spot => spot[2]) ?? [innerWidth - wide - 2 * EDGE, innerHeight - high - 2 * EDGE];
  Object.assign(card.style, { left: `${fit(x, innerWidth - wide)}px`, top: `${fit(y, innerHeight - high)}px` });
}

function key(event) {
  if (!tour.box) return;
  event.stopPropagation();
  const buttons = [...tour.card.querySelectorAll("button:not([hidden])")], at = buttons.indexOf(document.activeElement);
  if (event.key === "Escape") end();
  else if (event.key === "Tab") buttons[(at + (event.shiftKey ? -1 : 1) + buttons.length) % buttons.length].focus();
  else if (event.key === "ArrowRight") press("next");
  else if (event.key === "ArrowLeft") press("back");
  else return;
  event.preventDefault();
}

function press(what) {
  if (tour.card.querySelector("[aria-disabled]")) return what === "skip" ? end() : undefined;
  if (what === "skip") end();
  else if (what === "next") tour.at === tour.stops.length - 1 ? end() : go(tour.at + 1, 1);
  else if (what === "back" && tour.at > 0) go(tour.at - 1, -1);
}

function start(data) {
  if (tour.box) return;
  seen("seen");
  const box = Object.assign(document.createElement("div"), { className: "atlas-tour", hidden: true });
  box.innerHTML = `<div class="atlas-tour-ring"></div><div class="atlas-tour-card" role="dialog" aria-modal="true" aria-labelledby="atlas-tour-title" aria-describedby="atlas-tour-words">`
    + `<span class="atlas-tour-at"></span><h2 id="atlas-tour-title"></h2><p id="atlas-tour-words"></p>`
    + `<div><button type="button" data-do="skip"></button><button type="button" data-do="back"></button><button type="button" data-do="next"></button></div></div>`;
  box.querySelector("[data-do=skip]").textContent = data.words.skip;
  box.querySelector("[data-do=back]").textContent = data.words.back;
  box.onclick = ({ target }) => { if (target.dataset.do) press(target.dataset.do); };
  const app = getComputedStyle(document.querySelector("[data-testid=stApp]"));
  Object.assign(box.style, { color: app.color, colorScheme: app.colorScheme });
  box.style.setProperty("--ground", app.backgroundColor);
  box.style.setProperty("--lit", getComputedStyle(document.querySelector(".atlas-tour-offer")).getPropertyValue("--st-primary-color") || "Highlight");
  document.body.append(box);
  Object.assign(tour, { ...data, box, ring: box.firstElementChild, card: box.lastElementChild, at: -1, before: document.activeElement });
  window.addEventListener("keydown", key, true);
  place();
  go(0, 1);
}

function end() {
  const { box, before, thing } = tour;
  window.removeEventListener("keydown", key, true);
  cancelAnimationFrame(tour.frame);
  box?.remove();
  Object.assign(tour, { box: null, run: null, at: -1, thing: null });
  const back = before?.isConnected && before !== document.body ? before : document.querySelector(".atlas-tour-offer button") ?? thing?.querySelector("a, button, [tabindex]");
  back?.focus({ preventScroll: true });
}

function offer(root, data) {
  const asked = new URLSearchParams(location.search), led = asked.has("lesson") || asked.has("room");
  const button = (words, act, main) => {
    const made = Object.assign(document.createElement("button"), { type: "button", textContent: words, onclick: act });
    if (main) made.className = "main";
    return made;
  };
  const again = () => { offer(root, data); };
  const begin = () => { start(data); again(); };
  if (led) root.replaceChildren();
  else if (seen()) root.replaceChildren(button(data.words.tour, begin));
  else {
    const words = Object.assign(document.createElement("span"), { textContent: data.words.new.replace("{count}", data.stops.length) });
    root.replaceChildren(words, button(data.words.start, begin, true), button(data.words.no, () => { seen("no"); again(); root.querySelector("button")?.focus(); }));
  }
  if (asked.get("tour") === "1" && !tour.begun) {
    tour.begun = true;
    begin();
  }
}

export default function ({ data, parentElement }) {
  offer(parentElement.querySelector(".atlas-tour-offer"), data);
}
