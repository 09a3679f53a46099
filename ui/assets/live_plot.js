// One Plotly picture that stays mounted: drawn again in place, walked with the arrow keys, clicks sent to Python.
// Several pictures can be given as steps: then the browser turns the pages, without asking Python.
// Text from the learner is only ever given to `textContent` or to Plotly, whose labels `figures` has escaped.

const ARROWS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

function plotly(address) {
  return (window.atlasPlotly ??= new Promise((done, failed) => {
    if (window.Plotly) return done(window.Plotly);
    const script = Object.assign(document.createElement("script"), { src: address });
    script.onload = () => done(window.Plotly);
    script.onerror = () => { window.atlasPlotly = undefined; script.remove(); failed(new Error(address)); };
    document.head.append(script);
  }));
}

// `figures/grid.py` tells once what the cells of a map say and report; here it is written out, cell by cell.
function unfold(trace) {
  const told = trace.meta?.cells;
  if (!told) return;
  trace.customdata = trace.z.map(row => row.map(() => null));
  trace.hovertext = trace.z.map(row => row.map(() => ""));
  for (const { at: [top, left], prefix, name } of told.tiles) told.rows.forEach((row, r) => {
    const reports = trace.customdata[top + r], says = trace.hovertext[top + r];
    told.columns.forEach((column, c) => {
      if (trace.z[top + r][left + c] == null) return;
      reports[left + c] = [...prefix, r + told.origin[0], c + told.origin[1]];
      const word = Array.isArray(told.words?.[0]) ? told.words[r][c] : told.words?.[trace.z[top + r][left + c]];
      says[left + c] = `${name}${row} → ${column}${word ? `: ${word}` : ""}`;
    });
  });
}

// For the back of the classroom: everything that is written, and the room for it, grows with the page's own type.
function enlarge(node, factor) {
  for (const [key, value] of Object.entries(node ?? {})) {
    if (/font$/i.test(key) && typeof value?.size === "number") value.size *= factor;
    if (value && typeof value === "object" && key !== "z" && key !== "customdata") enlarge(value, factor);
  }
}

const typeSize = () => parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;

function prepared(figure) {
  const factor = typeSize();
  figure.data.forEach(unfold);
  if (factor > 1.01) {
    enlarge(figure, factor);
    const { margin, height } = figure.layout;
    for (const side of ["t", "b"]) if (margin?.[side]) margin[side] *= factor;
    if (height) figure.layout.height = height * factor;
    if (figure.layout.meta?.labels) for (const name of ["spare", "longest", "beside"]) figure.layout.meta.labels[name] *= factor;
  }
  return figure;
}

// The colour bar as plain HTML over the place that the figure keeps for its own: Plotly would take 11 ms to draw it at each change.
function bars(view, figure) {
  const coloured = figure.data.filter(trace => trace.type === "heatmap" && trace.showscale !== false && trace.colorbar?.orientation === "h");
  const trace = coloured.length === 1 ? coloured[0] : undefined, { scale } = view;
  scale.hidden = !trace;
  if (!trace) return;
  trace.showscale = false;
  figure.bar = figure.data.indexOf(trace);
  const { zmin, zmax, colorbar, colorscale } = trace, [name, ramp, ticks] = scale.children;
  name.innerHTML = "";
  name.append(new DOMParser().parseFromString(colorbar.title?.text ?? "", "text/html").body.textContent);
  ramp.style.background = `linear-gradient(to right, ${colorscale.map(([at, colour]) => `${colour} ${100 * at}%`).join(", ")})`;
  const digits = value => String(Number(value.toPrecision(2)));
  ticks.replaceChildren(...[0, 0.25, 0.5, 0.75, 1].map(share =>
    Object.assign(document.createElement("span"), { textContent: digits(zmin + share * (zmax - zmin)) })));
}

// Everything the arrow keys can reach: cells of a map by row and column, or points of lines in reading order, each once.
function stops(plot) {
  const maps = plot._fullData.map((trace, curve) => ({ trace, curve })).filter(({ trace }) => trace.type === "heatmap" && trace.customdata);
  if (maps.length) return cellsOf(maps.filter(({ trace }) => trace.xaxis === maps[0].trace.xaxis && trace.yaxis === maps[0].trace.yaxis));
  const seen = new Map();
  plot._fullData.forEach((trace, curve) => (trace.xaxis ? trace.customdata ?? [] : []).forEach((data, point) => {
    if (data != null && trace.hoverinfo !== "skip") seen.set(JSON.stringify(data), { data, curve, point, x: trace.x[point], y: trace.y[point] });
  }));
  return { list: [...seen.values()] };
}

// The cells of maps that stand on the same axes, below or beside each other, as one map; `owner` tells whose cell it is.
function cellsOf(maps) {
  const rows = [], owner = [], width = Math.max(...maps.map(({ trace }) => trace.customdata[0]?.length ?? 0));
  for (const { trace, curve } of maps) trace.customdata.forEach((cells, row) => {
    const place = row + (trace.y ? 0 : Number(trace.y0) || 0);
    while (rows.length <= place) { rows.push(Array(width).fill(null)); owner.push(Array(width).fill(null)); }
    cells.forEach((cell, column) => {
      if (cell == null || rows[place][column] != null) return;
      rows[place][column] = cell;
      owner[place][column] = { curve, row };
    });
  });
  return { rows, owner };
}

function moved(reach, at, [down, right]) {
  if (reach.list) return { index: Math.min(reach.list.length - 1, Math.max(0, (at?.index ?? -1) + (down || right))) };
  const here = r => reach.rows[r.row]?.[r.column] != null;
  if (!at) return first(reach);
  for (let next = at, n = 0; n < 400; n++) {
    next = { row: next.row + down, column: next.column + right };
    if (!(next.row in reach.rows) || !(next.column in reach.rows[next.row])) return at;
    if (here(next)) return next;
  }
  return at;
}

function first(reach) {
  const row = reach.rows.findIndex(cells => cells.some(cell => cell != null));
  return { row, column: reach.rows[row].findIndex(cell => cell != null) };
}

// The stop in pixels of the plot, and what a click on it would send.
function found(plot, reach, at) {
  const point = reach.list?.[at.index], owner = point ?? reach.owner[at.row][at.column];
  const trace = plot._fullData[owner.curve];
  const across = plot._fullLayout[trace.xaxis.replace("x", "xaxis")], down = plot._fullLayout[trace.yaxis.replace("y", "yaxis")];
  const pixel = (axis, value) => axis._offset + axis.l2p(axis.d2l ? axis.d2l(value) : value);
  const middle = point ? [pixel(across, point.x), pixel(down, point.y)] : [across._offset + across.l2p(at.column), down._offset + down.l2p(at.row)];
  const size = point ? [26, 26] : [Math.abs(across._m), Math.abs(down._m)];
  return { middle, size, curve: owner.curve, number: point ? point.point : [owner.row, at.column],
           customdata: point ? point.data : reach.rows[at.row][at.column] };
}

function exists(reach, at) {
  return reach.list ? at.index < reach.list.length : reach.rows[at.row]?.[at.column] != null;
}

function tell(view, text) { if (view.live.textContent !== text) view.live.textContent = text; }

// What the mouse would read, as one plain line.
function spoken(trace, number) {
  const cell = values => Array.isArray(number) ? values?.[number[0]]?.[number[1]] : Array.isArray(values) ? values[number] : values;
  const markup = String(cell(trace.hovertext) ?? cell(trace.text) ?? "").replaceAll("<br>", ", ");
  const text = new DOMParser().parseFromString(markup, "text/html").body.textContent;
  const weight = trace.meta?.cells?.words ? undefined : cell(trace.z) ?? cell(trace.customdata)?.[2];
  return typeof weight === "number" ? `${text}: ${weight.toFixed(4)}` : text;
}

function point(view, at) {
  const { plot, cursor } = view, reach = stops(plot), stop = found(plot, reach, at);
  const [width, height] = stop.size, [x, y] = stop.middle;
  Object.assign(cursor.style, { left: `${x - width / 2}px`, top: `${y - height / 2}px`, width: `${width}px`, height: `${height}px` });
  cursor.hidden = false;
  tell(view, spoken(plot._fullData[stop.curve], stop.number));
  view.at = at;
  view.scroll.scrollTo?.({ left: Math.max(0, x - view.scroll.clientWidth / 2) });
}

function pressed(view, event) {
  if (!view.plot._fullData || event.target !== view.focus) return;
  const reach = stops(view.plot);
  if (event.key in ARROWS && (reach.list?.length ?? reach.rows)) point(view, moved(reach, view.at, ARROWS[event.key]));
  else if ((event.key === "Enter" || event.key === " ") && view.at) send(view, found(view.plot, reach, view.at).customdata);
  else if (event.key === "Escape") { view.cursor.hidden = true; view.at = null; tell(view, ""); }
  else return;
  event.preventDefault();
  event.stopPropagation();  // arrow keys elsewhere turn the pages of the walk
}

// With the time, or a second click on the same cell would be no news to Python.
function send(view, customdata) {
  if (customdata == null) return;
  const cell = typeof customdata === "number" ? [customdata] : Array.from(customdata);
  view.send("cell", { scope: view.data.scope, customdata: cell, time: Date.now() });
}

async function download(view, format) {
  const { plot, data } = view, shade = getComputedStyle(document.querySelector('[data-testid="stApp"]')).backgroundColor;
  const whole = plot.data.map((trace, place) => place === view.newest.bar ? { ...trace, showscale: true } : trace);
  const figure = { data: whole, layout: { ...plot.layout, ...view.newest.full, paper_bgcolor: shade } };
  if (format === "html") return save(await page(figure, { ...data, title: view.all[view.step].alt }), `${data.name}.html`);
  const size = { width: Math.max(plot.clientWidth, 700), height: figure.layout.height ?? plot.clientHeight };
  await window.Plotly.downloadImage(figure, { format, filename: data.name, scale: 2, ...size });
}

async function page(figure, data) {
  const script = await (await fetch(data.plotly)).text(), json = JSON.stringify(figure).replaceAll("<", "\\u003c");
  const title = data.title.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return new Blob([`<!doctype html><meta charset="utf-8"><title>${title}</title><div id="plot"></div><script>${script}</script>`,
    `<script>const figure = ${json}; Plotly.newPlot("plot", figure.data, figure.layout, { responsive: true })</script>`], { type: "text/html" });
}

function save(blob, name) {
  const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

function mount(root) {
  const part = name => root.querySelector(`.atlas-${name}`);
  const view = { root, scroll: part("scroll"), focus: part("focus"), plot: part("plot"), cursor: part("cursor"), scale: part("scale"), live: part("live"), wait: part("wait") };
  view.focus.addEventListener("keydown", event => pressed(view, event));
  view.focus.addEventListener("blur", () => { view.cursor.hidden = true; });
  view.steps = { bar: part("steps"), dots: part("dots"), name: part("step-name"), look: part("look") };
  view.steps.bar.addEventListener("click", event => stepped(view, event.target.closest("[data-step]")?.dataset.step));
  view.steps.bar.addEventListener("keydown", event => turned(view, event));
  root.querySelectorAll("[data-format]").forEach(button => button.addEventListener("click", () => download(view, button.dataset.format)));
  new ResizeObserver(() => { resized(view); hint(view.scroll); }).observe(view.scroll);
  view.scroll.addEventListener("scroll", () => hint(view.scroll), { passive: true });
  return view;
}

// On which sides there is more of the picture: it fades away there.
function hint(scroll) {
  const left = scroll.scrollLeft > 4 ? ["left"] : [], right = scroll.scrollLeft + scroll.clientWidth < scroll.scrollWidth - 4 ? ["right"] : [];
  scroll.dataset.more = [...left, ...right].join(" ");
}

// Only the width: the height is the figure's, and `Plotly.Plots.resize` would forget it.
function resized(view) {
  const width = view.focus.clientWidth;
  if (!view.drawn || !view.plot.isConnected || !width || width === view.plot._fullLayout.width) return;
  view.cursor.hidden = true;
  fit(view, view.newest);
  const { margin, height } = view.newest.layout;
  view.scroll.style.minHeight = `${height ?? view.data.height}px`;
  window.Plotly.relayout(view.plot, { width, ...(height && { height }), "margin.t": margin.t, "xaxis.tickangle": view.newest.layout.xaxis?.tickangle });
}

export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".atlas-figure");
  const view = (root.atlas ??= mount(root));
  view.data = data;
  view.send = setStateValue;
  view.all = data.steps;
  if (view.asked !== data.start) { view.asked = data.start; view.step = data.start; }  // Python points at another step
  view.step = Math.min(view.step ?? 0, view.all.length - 1);
  view.focus.setAttribute("aria-label", data.keys);
  draw(view);
  return () => { if (!root.isConnected) { stop(view); window.Plotly?.purge(view.plot); } };
}

// Labels over a map stand upright where they would not fit side by side; where they do, the room for that is given back. So is that
// of the title where a line over the picture says the same.
function fit(view, figure) {
  const { labels, heading = 0 } = figure.layout.meta ?? {}, untitled = view.all[view.step].look;
  const { margin, height, title } = figure.layout;
  figure.full ??= { margin, height, title };
  let spare = untitled ? heading : 0;
  if (labels) {
    const width = Math.max(view.focus.clientWidth, figure.layout.meta.minimum_width ?? 0) - labels.beside;
    const fits = labels.longest * 6.5 + 4 < width / labels.count;
    if (fits) spare += labels.spare;
    if (labels.spare) figure.layout.xaxis.tickangle = fits ? 0 : -90;
  }
  const full = figure.full;
  Object.assign(figure.layout, { margin: { ...full.margin, t: full.margin.t - spare }, height: full.height && full.height - spare });
  if (untitled) figure.layout.title = { ...title, text: "" };
}

// Draw the step at hand. Where only a frame has moved, only the frame is drawn anew.
function draw(view) {
  const step = view.all[view.step], figure = JSON.parse(step.figure), { shapes = [], ...layout } = figure.layout;
  const rest = JSON.stringify([figure.data, layout, typeSize()]), frames = JSON.stringify(shapes);
  view.root.setAttribute("aria-label", step.alt);
  label(view);
  if (view.rest === rest) {
    if (view.frames !== frames) window.Plotly.relayout(view.plot, { shapes });
    view.frames = frames;
    return;
  }
  view.rest = undefined;
  view.newest = prepared(figure);
  bars(view, figure);
  view.focus.style.minWidth = `${figure.layout.meta?.minimum_width ?? 0}px`;
  fit(view, figure);
  view.scroll.style.minHeight = `${figure.layout.height ?? view.data.height}px`;
  const drawn = () => { if (view.newest === figure) Object.assign(view, { rest, frames }); };
  plotly(view.data.plotly).then(library => show(view, library, figure, drawn), () => fail(view));
}

// The bar of a figure with several steps: back, play, on, a dot for each.
function label(view) {
  const { bar, dots, name, look } = view.steps, { all, step, data } = view, words = data.words;
  bar.hidden = all.length < 2;
  look.textContent = all[step].look ?? "";
  line(look, all[step].chips ?? []);
  look.hidden = !look.textContent;
  if (bar.hidden) return;
  for (const button of bar.querySelectorAll("button[data-step]")) if (words[button.dataset.step]) {
    const kind = button.dataset.step === "play" && view.playing ? "pause" : button.dataset.step;
    const speed = `${view.speed ?? 1}×`;
    button.textContent = { back: "◀", play: "▶ " + words.play, pause: "❚❚ " + words.pause, on: "▶", speed }[kind];
    if (kind === "back" || kind === "on") button.setAttribute("aria-label", words[kind]);
    if (kind === "speed") { button.hidden = !data.speed; button.setAttribute("aria-label", `${words.speed}: ${speed}`); }
    button.disabled = (kind === "back" && !step) || (kind === "on" && step === all.length - 1);
  }
  if (dots.children.length !== all.length) dots.replaceChildren(...all.map((_, place) =>
    Object.assign(document.createElement("button"), { type: "button", className: "atlas-dot" })));
  [...dots.children].forEach((dot, place) => {
    dot.dataset.step = String(place);
    dot.textContent = all.length <= 6 ? `${place + 1}. ${all[place].name}` : String(place + 1);
    dot.setAttribute("aria-label", `${place + 1}. ${all[place].name}`);
    dot.setAttribute("aria-current", String(place === step));
  });
  name.textContent = all.length <= 6 ? "" : `${step + 1} / ${all.length}: ${all[step].name}`;
}

// Pieces in the line over the picture: the newest one is in view and told by its frame.
function line(look, chips) {
  look.classList.toggle("atlas-line", chips.length > 0);
  look.prepend(...chips.map(({ text, colour }, place) => {
    const chip = Object.assign(document.createElement("span"), { className: "atlas-piece", textContent: text });
    chip.style.setProperty("--chip", colour);
    chip.classList.toggle("atlas-new", place === chips.length - 1);
    return chip;
  }));
  if (chips.length) look.scrollLeft = look.scrollWidth;
}

function go(view, step) {
  const next = Math.min(view.all.length - 1, Math.max(0, step));
  if (next === view.step) return;
  view.step = next;
  draw(view);
  mark(view);
  rest(view);
}

function stop(view) { clearInterval(view.playing); view.playing = undefined; }

// Python is told where the steps came to rest, after a moment: turning several pages is one visit.
function rest(view) {
  clearTimeout(view.resting);
  if (!view.data.tells) return;
  view.resting = setTimeout(() => {
    if (view.playing || view.step === view.asked || !view.root.isConnected) return;
    view.asked = view.step;
    view.send("step", { scope: view.data.scope, step: view.step });
  }, 400);
}

// The lines of the sum beside the picture that belong to the step at hand.
function mark(view) {
  if (view.all.length < 2) return;
  for (const line of document.querySelectorAll(".atlas-sum li[data-steps]")) {
    const steps = line.dataset.steps.split(" ").filter(Boolean);
    if (steps.length) line.classList.toggle("now", steps.includes(String(view.step + 1)));
  }
}

function turn(view) {
  clearInterval(view.playing);
  view.playing = setInterval(() => {
    if (!view.root.isConnected || view.step === view.all.length - 1) { stop(view); rest(view); return label(view); }
    go(view, view.step + 1);
  }, view.data.pace / (view.speed ?? 1));
}

function stepped(view, what) {
  if (what === undefined) return;
  if (what === "speed") {
    view.speed = { 1: 2, 2: 4, 4: 0.5, 0.5: 1 }[view.speed ?? 1];
    if (view.playing) turn(view);
    return label(view);
  }
  if (what !== "play" || view.playing) { stop(view); rest(view); if (what === "play") return label(view); }
  if (what === "back") go(view, view.step - 1);
  else if (what === "on") go(view, view.step + 1);
  else if (what === "play") {
    if (view.step === view.all.length - 1) go(view, 0);
    turn(view);
    label(view);
  } else go(view, Number(what));
}

function turned(view, event) {
  const by = { ArrowLeft: -1, ArrowRight: 1, Home: -view.all.length, End: view.all.length }[event.key];
  if (!by) return;
  stop(view);
  go(view, view.step + by);
  event.preventDefault();
  event.stopPropagation();
}

function show(view, library, figure, drawn) {
  if (view.newest !== figure || !view.plot.isConnected) return;
  const config = { displayModeBar: false, responsive: false, doubleClick: false };
  const kind = [...new Set(figure.data.map(trace => trace.type))].sort().join();
  if (view.drawn && view.kind !== kind) {  // another kind of picture would keep the margins of the last one
    library.purge(view.plot);
    view.drawn = false;
  }
  view.kind = kind;
  library.react(view.plot, figure.data, { ...figure.layout, width: view.focus.clientWidth }, config).then(() => {
    view.wait.hidden = true;
    drawn();
    hint(view.scroll);
    if (figure.layout.meta?.follow) view.scroll.scrollLeft = view.scroll.scrollWidth;  // what is new stands on the right
    if (view.at && !exists(stops(view.plot), view.at)) { view.at = null; view.cursor.hidden = true; }
    if (view.drawn && view.at && view.cursor.hidden) tell(view, "");  // what was read out before is no longer there
    if (view.drawn) return void (view.at && !view.cursor.hidden && point(view, view.at));
    view.drawn = true;
    view.plot.on("plotly_click", event => send(view, event.points[0].customdata));
  });
}

function fail(view) {
  view.wait.hidden = true;
  view.live.textContent = view.data.trouble;
  view.live.classList.add("atlas-trouble");
}
