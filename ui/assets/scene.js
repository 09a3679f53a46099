// A scene that can be changed: shapes are chosen, dragged, moved with the arrow keys, painted, added and taken away. What is changed is
// drawn at once and told to Python when the hand comes to rest.

const NS = "http://www.w3.org/2000/svg", SIDE = 48;
const KINDS = { c: "circle", s: "square", t: "triangle" }, SIZES = { s: "small", l: "large" };

const read = text => text === "empty" || !text ? [] : text.split("-").map(part => (
  { colour: part[0], kind: part[1], size: part[2], x: Number(part.slice(3, 5)), y: Number(part.slice(5, 7)) }));
const two = number => String(number).padStart(2, "0");
const write = shapes => shapes.map(s => s.colour + s.kind + s.size + two(s.x) + two(s.y)).join("-") || "empty";
const within = number => Math.min(SIDE - 1, Math.max(0, number));

function made(name, attributes, parent) {
  const node = document.createElementNS(NS, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  parent?.append(node);
  return node;
}

// The same outlines as `systems.scenes.drawing`: about the middle of the pixel at x, y.
function outline(shape, how) {
  const x = shape.x + 0.5, y = shape.y + 0.5, r = how.radius[shape.size];
  if (shape.kind === "c") return made("circle", { cx: x, cy: y, r });
  if (shape.kind === "s") {
    const half = how.square * r;
    return made("rect", { x: x - half, y: y - half, width: 2 * half, height: 2 * half });
  }
  const down = how.triangle * r, side = Math.sqrt(3) * down;
  return made("polygon", { points: `${x},${y - 2 * down} ${x - side},${y + down} ${x + side},${y + down}` });
}

function draw(view) {
  const { picture, shapes, data } = view;
  picture.style.background = data.ground;
  picture.style.setProperty("--scene-ink", data.ink);
  picture.replaceChildren();
  shapes.forEach((shape, place) => {
    const node = outline(shape, data);
    node.setAttribute("fill", data.paint[shape.colour]);
    node.classList.add("atlas-scene-shape");
    node.dataset.place = place;
    picture.append(node);
  });
  if (data.grid) for (let at = data.grid; at < SIDE; at += data.grid) {
    made("line", { x1: at, x2: at, y1: 0, y2: SIDE, class: "atlas-scene-grid" }, picture);
    made("line", { y1: at, y2: at, x1: 0, x2: SIDE, class: "atlas-scene-grid" }, picture);
  }
  const chosen = shapes[view.chosen];
  if (chosen) {
    const r = data.radius[chosen.size] * (chosen.kind === "t" ? 1.75 : 1.4);
    made("circle", { cx: chosen.x + 0.5, cy: chosen.y + 0.5, r, class: "atlas-scene-ring" }, picture);
  }
  tell(view);
  press(view);
}

const named = (shape, words) => words.shape.replace("{size}", words[SIZES[shape.size]]).replace("{colour}", words[shape.colour])
  .replace("{kind}", words[KINDS[shape.kind]]);

function tell(view) {
  const { shapes, data: { words } } = view;
  const list = shapes.map(shape => words.at.replace("{shape}", named(shape, words)).replace("{x}", shape.x).replace("{y}", shape.y));
  const all = list.join(", ") || words.nothing;
  view.picture.setAttribute("aria-label", `${words.scene} ${all}. ${words.keys}`);
  const chosen = shapes[view.chosen];
  view.told.textContent = chosen ? `${words.chosen} ${list[view.chosen]}.` : `${words.scene} ${all}.`;
}

function press(view) {
  const chosen = view.shapes[view.chosen], full = view.shapes.length >= view.data.most;
  for (const button of view.tools.querySelectorAll("button")) {
    const [what, which] = button.dataset.does.split(" ");
    button.disabled = what === "undo" ? !view.before.length : what === "add" ? full : ["new", "empty"].includes(what) ? false : !chosen;
    if (["colour", "kind", "size"].includes(what)) button.setAttribute("aria-pressed", String(chosen?.[what] === which));
  }
}

// One change: remembered for undo, drawn, and told to Python a moment later (many key strokes are one telling).
function change(view, shapes, chosen, quiet) {
  const before = write(view.shapes);
  if (!quiet && before !== write(shapes)) view.before.push(before);
  view.shapes = shapes;
  view.chosen = chosen;
  draw(view);
  clearTimeout(view.waits);
  view.waits = setTimeout(() => {
    const now = write(view.shapes);
    if (now !== view.sent) { view.sent = now; view.send("scene", { scene: now, count: ++view.count }); }
  }, 60);
}

function edit(view, fresh) {
  if (!view.shapes[view.chosen]) return;
  change(view, view.shapes.map((shape, place) => place === view.chosen ? { ...shape, ...fresh } : shape), view.chosen);
}

function add(view, kind) {
  if (view.shapes.length >= view.data.most) return;
  const last = view.shapes[view.chosen] ?? { colour: "r", size: "l" };
  const spots = [[24, 24], [10, 10], [38, 38], [38, 10], [10, 38], [24, 10], [24, 38], [10, 24], [38, 24], [17, 17]];
  const far = ([x, y]) => Math.min(...view.shapes.map(s => (s.x - x) ** 2 + (s.y - y) ** 2), 9999);
  const [x, y] = spots.reduce((best, spot) => far(spot) > far(best) ? spot : best);
  change(view, [...view.shapes, { colour: last.colour, size: last.size, kind, x, y }], view.shapes.length);
}

function remove(view) {
  if (!view.shapes[view.chosen]) return;
  change(view, view.shapes.filter((_, place) => place !== view.chosen), Math.min(view.chosen, view.shapes.length - 2));
}

function undo(view) {
  if (view.before.length) change(view, read(view.before.pop()), -1, true);
}

function does(view, what, which) {
  if (what === "add") add(view, which);
  else if (what === "remove") remove(view);
  else if (what === "undo") undo(view);
  else if (what === "empty") change(view, [], -1);
  else if (what === "new") view.send("seed", { seed: view.seed.value, count: ++view.count });
  else edit(view, { [what]: which });
}

function pressed(view, event) {
  if (event.ctrlKey && event.key !== "z" || event.altKey || event.metaKey) return;
  const shape = view.shapes[view.chosen], far = event.shiftKey ? 4 : 1, count = view.shapes.length, key = event.key;
  const move = { ArrowLeft: [-far, 0], ArrowRight: [far, 0], ArrowUp: [0, -far], ArrowDown: [0, far] }[key];
  if (move && shape) edit(view, { x: within(shape.x + move[0]), y: within(shape.y + move[1]) });
  else if ("n" === key && count) change(view, view.shapes, (view.chosen + 1) % count);
  else if ("p" === key && count) change(view, view.shapes, (view.chosen + count - 1 + (view.chosen < 0)) % count);
  else if ("rbgy".includes(key) && shape) edit(view, { colour: key });
  else if ("cst".includes(key) && shape) edit(view, { kind: key });
  else if (key === "l" && shape) edit(view, { size: shape.size === "l" ? "s" : "l" });
  else if (key === "+" || key === "a") add(view, shape?.kind ?? "c");
  else if ((key === "Delete" || key === "Backspace") && shape) remove(view);
  else if (key === "z") undo(view);
  else if (key === "Escape" && shape) change(view, view.shapes, -1);
  else return;
  event.preventDefault();
  event.stopPropagation();  // arrow keys elsewhere turn the pages
}

function drag(view, event) {
  const place = event.target.dataset?.place;
  if (place === undefined) return change(view, view.shapes, -1);
  const shape = view.shapes[Number(place)], box = view.picture.getBoundingClientRect(), from = write(view.shapes);
  const off = [(event.clientX - box.left) / box.width * SIDE - shape.x, (event.clientY - box.top) / box.height * SIDE - shape.y];
  view.chosen = Number(place);
  draw(view);
  view.picture.focus({ preventScroll: true });
  view.picture.setPointerCapture(event.pointerId);
  const moved = now => {
    const x = within(Math.round((now.clientX - box.left) / box.width * SIDE - off[0]));
    const y = within(Math.round((now.clientY - box.top) / box.height * SIDE - off[1]));
    view.shapes = view.shapes.map((each, at) => at === view.chosen ? { ...each, x, y } : each);
    draw(view);
  };
  const ended = () => {
    view.picture.removeEventListener("pointermove", moved);
    if (from !== write(view.shapes)) view.before.push(from);
    change(view, view.shapes, view.chosen, true);
  };
  view.picture.addEventListener("pointermove", moved);
  view.picture.addEventListener("pointerup", ended, { once: true });
  view.picture.addEventListener("pointercancel", ended, { once: true });
  event.preventDefault();
}

function button(view, group, does, name, mark) {
  const node = document.createElement("button");
  node.type = "button";
  node.dataset.does = does;
  node.setAttribute("aria-label", name);
  node.title = name;
  if (typeof mark === "string") node.textContent = mark; else node.append(mark);
  group.append(node);
}

// What a button does, as a little picture: a shape of that kind in that colour.
function icon(view, shape) {
  const svg = made("svg", { viewBox: "0 0 48 48", "aria-hidden": "true" });
  const node = outline({ x: 24, y: 24, size: "l", ...shape }, { ...view.data, radius: { l: 19, s: 10 } });
  node.setAttribute("fill", shape.colour ? view.data.paint[shape.colour] : "currentColor");
  svg.append(node);
  return svg;
}

function tools(view) {
  const { words } = view.data;
  const group = () => { const made = document.createElement("span"); made.className = "atlas-scene-group"; view.tools.append(made); return made; };
  view.tools.replaceChildren();
  view.tools.setAttribute("aria-label", words.tools);
  const paint = group(), kinds = group(), sizes = group(), adds = group(), rest = group(), seeds = group();
  for (const colour of "rbgy") button(view, paint, `colour ${colour}`, words[colour], icon(view, { kind: "s", colour }));
  for (const kind of "cst") button(view, kinds, `kind ${kind}`, words[KINDS[kind]], icon(view, { kind }));
  for (const size of "sl") button(view, sizes, `size ${size}`, words[SIZES[size]], icon(view, { kind: "c", size }));
  for (const kind of "cst") button(view, adds, `add ${kind}`, words[`add_${KINDS[kind]}`], (() => {
    const both = document.createElement("span");
    both.append("+", icon(view, { kind }));
    return both;
  })());
  button(view, rest, "remove", words.remove, "✕");
  button(view, rest, "undo", words.undo, "↶");
  button(view, rest, "empty", words.empty, "▢");
  view.seed = document.createElement("input");
  Object.assign(view.seed, { type: "number", min: 0, max: 999999, value: view.data.seed });
  view.seed.setAttribute("aria-label", words.seed);
  view.seed.title = words.seed;
  view.seed.addEventListener("keydown", event => { event.stopPropagation(); if (event.key === "Enter") does(view, "new"); });
  seeds.append(view.seed);
  button(view, seeds, "new", words.fresh, words.fresh);
}

function mount(root) {
  const view = {
    root, picture: root.querySelector(".atlas-scene-picture"), tools: root.querySelector(".atlas-scene-tools"),
    told: root.querySelector(".atlas-scene-told"), before: [], shapes: [], chosen: -1, count: 0,
  };
  view.picture.addEventListener("pointerdown", event => drag(view, event));
  view.picture.addEventListener("keydown", event => pressed(view, event));
  view.tools.addEventListener("click", event => {
    const node = event.target.closest("button");
    if (node) does(view, ...node.dataset.does.split(" "));
  });
  return view;
}

export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".atlas-scene"), first = !root.atlas;
  const view = (root.atlas ??= mount(root));
  view.send = setStateValue;
  const old = view.data;
  view.data = data;
  if (first || JSON.stringify(old.words) !== JSON.stringify(data.words)) tools(view);
  if (old?.seed !== data.seed) view.seed.value = data.seed;
  const typing = view.sent !== undefined && view.sent !== data.scene && view.asked === data.scene;  // an answer to an older change
  if (!typing && data.scene !== write(view.shapes)) {
    if (!first) view.before.push(write(view.shapes));
    view.shapes = read(data.scene);
    view.chosen = -1;
    view.sent = data.scene;
  }
  view.asked = data.scene;
  draw(view);
}
