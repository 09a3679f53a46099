// The living machine: what is shown, the player, the pointer and the keys. Drawing is in the files before this one.

const PIECE = 1500, READING = 1400, STEP = 350;  // milliseconds at normal speed: a piece, the sentence, a single step
const still = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

function mount(root) {
  const find = name => root.querySelector(name);
  const view = {
    root, stage: find(".atlas-stage"), canvas: find("canvas"), svg: find("svg"), card: find(".atlas-card"), inside: find(".atlas-inside"), now: find(".atlas-now"),
    player: find(".atlas-player"), scroll: find(".atlas-machine-scroll"), phase: 0, speed: 1, playing: false, focus: "",
  };
  view.context = view.canvas.getContext("2d");
  const ruler = new OffscreenCanvas(1, 1).getContext("2d");
  view.measure = text => { ruler.font = view.font; return ruler.measureText(text).width; };
  view.layerName = found => view.data.blocks.find(each => each.kind === "layer" && each.column === found.column && each.layer === found.layer).name;
  listen(view);
  let width = 0;
  new ResizeObserver(() => { if (width !== view.scroll.clientWidth) { width = view.scroll.clientWidth; if (view.data) place(view); } }).observe(view.scroll);
  return view;
}

function colours(view) {
  const style = getComputedStyle(view.root), read = name => style.getPropertyValue(name).trim() || style.color;
  tint(view.root, view.data.colours);
  Object.assign(view, { ink: style.color, accent: read("--st-primary-color"), muted: read("--atlas-muted"), panel: read("--st-secondary-background-color"),
    signed: table(view.data.colours.signed), shares: table(view.data.colours.shares), font: `12px ${style.fontFamily}`, density: Math.max(1, devicePixelRatio),
    scale: parseFloat(getComputedStyle(document.documentElement).fontSize) / 16 });  // larger type, as for a projector, enlarges all
}

// Lay everything out anew: another sentence, another width, another block unfolded.
function place(view) {
  const { data, scroll, canvas, svg } = view;
  colours(view);
  const focused = svg.contains(document.activeElement), before = view.plan?.band;
  const plan = view.plan = layout(data, scroll.clientWidth / view.scale, view.measure), { scale } = view;
  Object.assign(canvas, { width: Math.ceil(plan.width * view.density * scale), height: Math.ceil(plan.high * view.density * scale) });
  for (const element of [canvas, svg, view.stage]) Object.assign(element.style, { width: `${plan.width * scale}px`, height: `${plan.high * scale}px` });
  svg.setAttribute("viewBox", `0 0 ${plan.width} ${plan.high}`);
  svg.setAttribute("aria-label", data.words.label);
  svg.innerHTML = drawing(view);
  view.root.classList.toggle("narrow", !plan.wide);
  Object.assign(view.card.style, plan.wide ? beside(view) : { width: "", maxHeight: "", top: "" });
  unfold(view);
  roam(view, view.focus || data.open || "encoder-pieces", focused);
  show(view);
  tell(view, view.told || data.open);
  if (plan.band && !before) view.inside.scrollIntoView({ block: "nearest" });
}

// The card stands over the encoder; where a band is open there, above or below the band, wherever there is more room.
function beside({ plan, scale, scroll }) {
  const top = plan.topOfEncoder.y, parts = plan.band && plan.band.y < top ? [[0, plan.band.y], [plan.band.y + plan.band.h, top]] : [[0, top]];
  const [from, to] = parts.reduce((one, other) => other[1] - other[0] > one[1] - one[0] ? other : one);
  return { width: `${Math.min(scroll.clientWidth, scale * (plan.made.decoder.x - 150))}px`, top: `${scale * from}px`, maxHeight: `${scale * (to - from - 2)}px` };
}

// Draw what the step and the phase say; the words only where something has arrived.
function show(view) {
  paint(view);
  const sign = view.plan.rows.map(row => row.reached).join() + view.step + view.data.way + view.data.chosen.encoder + view.data.chosen.decoder + view.playing;
  if (sign === view.sign && view.marked === view.plan) return;
  Object.assign(view, { sign, marked: view.plan });
  mark(view);
  follow(view);
  tell(view, view.told);
}

// Of a long sentence the column that is being written stays in view.
function follow(view) {
  const { scroll, plan, scale } = view, place = shownChoice(view, "decoder");
  if (!view.playing || place === null || plan.width * scale <= scroll.clientWidth) return;
  const x = middle(place, plan.made.decoder) * scale, room = 120 * scale;
  if (x > scroll.scrollLeft + scroll.clientWidth - room || x < scroll.scrollLeft + room) scroll.scrollTo({ left: x - scroll.clientWidth / 2, behavior: still() ? "auto" : "smooth" });
}

const last = view => view.data.pieces.written.length;

// What has happened, in a sentence.
function say(view) {
  const { data, step } = view, words = data.words, count = last(view);
  if (data.way === "training") {
    view.now.textContent = fill(words.learned, { count, loss: data.loss.toFixed(3) });
  } else if (step < 0) view.now.textContent = words.waits;
  else if (!step) view.now.textContent = words.read;
  else {  // the piece that was written last; when all is written, the chosen one
    const place = shownPlace(view, step), cross = data.blocks.find(block => block.kind === "cross" && block.layer === Math.min(data.layer, data.layers.decoder));
    const row = cross.map[place], key = row.indexOf(Math.max(...row)), read = data.pieces.decoder.slice(0, place + 1).map(piece => piece.name);
    view.now.textContent = fill(data.forced ? words.wrote_yours : words.wrote, { step: place + 1, count, read: (read.length > 4 ? "… " : "") + read.slice(-4).join(" "), layer: cross.layer,
      key: data.pieces.encoder[key].name, weight: digits(row[key]), written: data.pieces.written[place].name, chance: chanceOf(data.chances[place]) });
  }
  bar(view);
}

function bar(view) {
  const { data, player, step, playing } = view, words = data.words, names = { again: words.again, back: words.back, on: words.on };
  for (const button of player.querySelectorAll("[data-do]")) {
    const what = button.dataset.do;
    if (what === "play") button.textContent = playing ? `❚❚ ${words.pause}` : `▶ ${words.play}`;
    else { button.title = names[what]; button.setAttribute("aria-label", names[what]); }
    button.disabled = (what === "back" || what === "again") && step <= (data.way === "training" ? 0 : -1) || what === "on" && step >= last(view);
  }
  const heads = player.querySelector(".atlas-head select"), codes = ["mean", ...Array.from({ length: data.heads }, (_, number) => String(number + 1))];
  player.querySelector(".atlas-head span").textContent = words.head;
  if (heads.length !== codes.length) heads.replaceChildren(...codes.map(code => new Option(code === "mean" ? words.mean : code, code)));
  heads.value = data.head === null ? "mean" : String(data.head + 1);
  const select = player.querySelector(".atlas-speed select"), [slow, normal, quick] = select.options;
  player.querySelector(".atlas-speed span").textContent = words.speed;
  Object.assign(slow, { textContent: words.slow }), Object.assign(normal, { textContent: words.normal }), Object.assign(quick, { textContent: words.quick });
  const way = player.querySelector(".atlas-way");
  way.setAttribute("aria-label", words.way);
  for (const button of way.children) {
    button.textContent = words[button.dataset.way];
    button.setAttribute("aria-checked", String(button.dataset.way === data.way));
    button.tabIndex = button.dataset.way === data.way ? 0 : -1;
  }
}

// From one step to the next, in so many milliseconds; then what follows.
function move(view, milliseconds, then) {
  cancelAnimationFrame(view.frame);
  view.moving = true;
  const arrive = () => {
    Object.assign(view, { phase: 0, moving: false });
    view.step = view.data.way === "training" ? last(view) : view.step + 1;
    if (!then) view.playing = false;
    settle(view);
    then?.();
  };
  if (still()) return milliseconds > STEP ? void (view.frame = setTimeout(arrive, milliseconds / 2)) : arrive();
  const start = performance.now(), loop = view.svg.querySelector(".loop"), pulse = view.svg.querySelector(".pulse");
  const frame = now => {
    if (!view.root.isConnected) return;
    view.phase = Math.min(1, (now - start) / milliseconds);
    show(view);
    const back = view.step >= 0 && loop && view.phase > 0.82 ? (view.phase - 0.82) / 0.18 : 0;
    pulse.toggleAttribute("hidden", !back);
    if (back) { const at = loop.getPointAtLength(back * loop.getTotalLength()); pulse.setAttribute("cx", at.x); pulse.setAttribute("cy", at.y); }
    if (view.phase < 1) view.frame = requestAnimationFrame(frame);
    else { pulse.setAttribute("hidden", ""); arrive(); }
  };
  view.frame = requestAnimationFrame(frame);
}

// Whatever moves stands still, and nothing is told of it yet.
function halt(view) {
  cancelAnimationFrame(view.frame);
  clearTimeout(view.frame);
  Object.assign(view, { playing: false, phase: 0, moving: false });
}

function settle(view) {
  show(view);
  say(view);
  rest(view);
}

function stop(view) {
  halt(view);
  settle(view);
}

function play(view) {
  if (view.playing) return stop(view);
  if (view.step >= last(view)) view.step = -1;
  view.playing = true;
  const next = () => {
    if (!view.playing || !view.root.isConnected) return;
    if (view.step >= last(view)) return stop(view);
    move(view, (view.step < 0 ? READING : PIECE) / view.speed, next);
  };
  say(view);
  next();
}

function step(view, to) {
  const from = view.step;
  halt(view);
  if (to === from + 1 && to <= last(view)) return move(view, STEP);
  view.step = Math.max(-1, Math.min(last(view), to));
  settle(view);
}

// Python is told where it came to rest, so that the address says it; the whole translation is where a visit begins.
function rest(view) {
  clearTimeout(view.resting);
  view.resting = setTimeout(() => {
    const now = view.step === last(view) ? null : Math.max(0, view.step);
    if (view.playing || !view.root.isConnected || now === view.asked) return;
    view.asked = now;
    view.send("step", { scope: view.data.scope, value: now });
  }, 500);
}

// One block of all can be reached by Tab; the arrow keys go on from there.
function roam(view, id, focus) {
  const blocks = [...view.svg.querySelectorAll(".block")], found = blocks.find(each => each.dataset.id === id) ?? blocks[0];
  for (const each of blocks) each.tabIndex = each === found ? 0 : -1;
  view.focus = found.dataset.id;
  if (focus) { found.focus(); tell(view, view.focus); }
}

function open(view, id) {
  const found = view.data.blocks.find(each => each.id === id);
  if (found && !found.opens) return;
  const value = id === view.data.open ? "" : id;
  if (found?.layer) view.data.layer = found.layer;
  view.told = id;
  if (found?.kind === "layer") { view.data.open = ""; view.data.inside = []; view.focus = `${found.column}-${found.column === "encoder" ? "self" : "masked"}-${found.layer}`; view.told = view.focus; place(view); }
  view.send("open", { scope: view.data.scope, value });
}

function point(view, column, place) {
  view.data.chosen[column] = place;
  if (column === "decoder" && view.data.way !== "training" && view.step < last(view)) step(view, place + 1);
  show(view);
  say(view);
  view.send("piece", { scope: view.data.scope, value: { side: column, place } });
}

function pressed(view, event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const at = view.plan.rows.findIndex(row => row.block.id === view.focus), row = view.plan.rows[at], on = { ArrowUp: 1, ArrowDown: -1 }[event.key], aside = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (on) roam(view, view.plan.rows[Math.max(0, Math.min(view.plan.rows.length - 1, at + on))].block.id, true);
  else if (aside) {
    const count = row.column === "encoder" ? view.data.pieces.encoder.length : last(view), now = view.data.chosen[row.column] ?? (aside > 0 ? -1 : count);
    point(view, row.column, Math.max(0, Math.min(count - 1, now + aside)));
  } else if (event.key === "Enter") open(view, view.focus);
  else if (event.key === " ") play(view);
  else if (event.key === "Escape") { if (view.data.open) open(view, view.data.open); }
  else return;
  event.preventDefault();
  event.stopPropagation();  // arrow keys elsewhere turn the pages of the walk
}

// On its way to the card the pointer crosses other blocks: only one that it rests on is told of.
function rests(view, id) {
  clearTimeout(view.hovering);
  if (!view.told) return tell(view, id);
  view.hovering = setTimeout(() => tell(view, id), 220);
}

function listen(view) {
  const { svg, player, card, inside } = view;
  svg.addEventListener("keydown", event => pressed(view, event));
  svg.addEventListener("focusin", event => { const block = event.target.closest(".block"); if (block) { view.focus = block.dataset.id; tell(view, view.focus); } });
  svg.addEventListener("pointerover", event => { const block = event.target.closest(".block"); if (block && event.pointerType === "mouse") rests(view, block.dataset.id); });
  card.addEventListener("pointerenter", () => clearTimeout(view.hovering));
  svg.addEventListener("pointerleave", event => { clearTimeout(view.hovering); if (event.pointerType === "mouse" && view.data.open) tell(view, view.data.open); });
  svg.addEventListener("click", event => {
    const piece = event.target.closest(".piece"), block = event.target.closest(".block");
    if (piece) point(view, piece.dataset.column, Number(piece.dataset.place));
    else if (block) { roam(view, block.dataset.id, true); open(view, block.dataset.id); }
  });
  player.addEventListener("click", event => {
    const what = event.target.closest("[data-do]")?.dataset.do, way = event.target.closest("[data-way]")?.dataset.way;
    if (what === "play") play(view);
    else if (what === "again") step(view, -1);
    else if (what) {
      if (view.moving) view.step += 1;  // a step that is under way has been made
      step(view, view.step + (what === "on" ? 1 : -1));
    }
    if (way) turn(view, way);
  });
  player.querySelector(".atlas-speed select").addEventListener("change", event => { view.speed = Number(event.target.value); });
  player.querySelector(".atlas-head select").addEventListener("change", event => view.send("head", { scope: view.data.scope, value: event.target.value }));
  player.addEventListener("keydown", event => {
    const by = { ArrowLeft: "writing", ArrowRight: "training" }[event.key];
    if (!by || !event.target.dataset.way) return;
    turn(view, by);
    player.querySelector(`[data-way=${by}]`).focus();
    event.preventDefault();
    event.stopPropagation();
  });
  for (const part of [card, inside]) part.addEventListener("click", event => {
    const link = event.target.closest("a[data-page]"), button = event.target.closest("[data-open]");
    if (button) open(view, button.dataset.open || view.data.open);
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    lead(view, link.dataset.page);
  });
}

// While it writes one piece follows the other; while it learns all places are read at once.
function turn(view, way) {
  if (way === view.data.way) return;
  view.data.way = way;
  halt(view);
  Object.assign(view, { step: way === "training" && !still() ? -1 : last(view) });
  place(view);
  if (way === "training" && !still()) move(view, READING);
  say(view);
  view.send("way", { scope: view.data.scope, value: way });
}

// To a page about the block of the card: Python hears first which block it is, so that the page begins with its attention and its layer.
function lead(view, page) {
  const found = view.data.blocks.find(each => each.id === view.told);
  if (!found?.opens || found.id === view.data.open) return go(page);
  view.leading = { block: found.id, page };
  open(view, found.id);
}

// By the links beside the machine, which nobody sees: they also bring the way back.
const go = page => turnTo(page, ".st-key-atlas_hidden_ways");

export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".atlas-machine"), view = (root.atlas ??= mount(root));
  const begun = performance.now();
  view.send = setStateValue;
  const fresh = data.scope + data.mode + data.strips.data.length + data.strips.lengths[0].join(), other = view.fresh !== fresh;
  view.data = data;
  if (other) {
    Object.assign(view, { fresh, images: mosaics(data), told: "", focus: "" });
    halt(view);
    Object.assign(view, { step: data.step ?? last(view), asked: data.step });
  } else if (data.step !== view.asked && !view.playing) Object.assign(view, { step: data.step ?? last(view), asked: data.step });
  place(view);
  say(view);
  if (view.leading?.block === data.open) { const { page } = view.leading; view.leading = null; setTimeout(() => go(page), 100); }
  root.dataset.drawn = (performance.now() - begun).toFixed(1);  // milliseconds, for `benchmarks`
}
