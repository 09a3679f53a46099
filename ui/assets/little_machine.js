// The machine, small: every block is a link to its page, this page's blocks are lit; the arrow keys turn the pages of the walk.

const OWN = "input, textarea, select, [contenteditable='true'], [role=radio], [role=slider], [role=option], [role=tab], [role=listbox],"
  + "[role=combobox], [role=spinbutton], [role=application], [role=menuitem], [role=menu], [role=grid], [role=dialog], canvas, audio, video";
const safe = text => String(text).replace(/[&<>"']/g, sign => `&#${sign.charCodeAt(0)};`);

// Streamlit's own links turn the page without a new visit, and so everything that was chosen stays. They are always there, if unseen.
function go(page) {
  const name = page === "app" ? "" : page.replace(/^\d+_/, "");
  const links = [...document.querySelectorAll('a[data-testid="stPageLink-NavLink"]')];
  const found = links.find(a => new URL(a.href).pathname.split("/").pop() === name);
  if (found) found.click();
  else location.assign((name || "./") + location.search);
}

// A block is a link to each of the pages about it; a real one, so that it can be opened in another tab.
function links(row, plan, data) {
  const { x, pitch, width } = plan.made[row.column], pages = row.block.pages.filter(page => page in data.names), each = width / Math.max(1, pages.length);
  const high = row.strip || row.h - (row.block.kind === "output" ? plan.size.air : 1);
  return pages.map((page, number) => {
    const here = page === data.here, near = page === data.before || page === data.after, name = here ? `${data.names[page]}, ${data.you}` : data.names[page];
    return `<a href="${page.replace(/^\d+_/, "")}${safe(location.search)}" data-page="${page}" class="${near ? "near" : ""} ${row.strip ? "" : "words"}" aria-label="${safe(name)}"${here ? ' aria-current="page"' : ""}>`
      + `<title>${safe(name)}</title><rect x="${x + number * each - (number ? 0 : 1)}" y="${row.y - 1}" width="${each + (number ? 0 : 1)}" height="${high + 2}" rx="1.5" /></a>`;
  }).join("");
}

function wires(plan, drawn) {
  const { made, bus, back } = plan, top = plan.rows.filter(row => row.column === "encoder").at(-1), right = made.encoder.x + made.encoder.width, level = top.y + top.strip / 2;
  const open = Math.min(drawn.layer, drawn.layers.decoder), into = plan.rows.filter(row => row.column === "decoder" && (row.block.kind === "cross" || (row.block.kind === "layer" && row.block.layer !== open)));
  const levels = into.map(row => row.y + row.strip / 2), edge = made.decoder.x - 2, side = made.decoder.x + made.decoder.width;
  const arms = levels.map(y => `<path d="M${bus} ${y}H${edge - 3}" /><path class="head" d="M${edge - 4} ${y - 2.5}l4 2.5l-4 2.5z" />`).join("");
  const from = plan.byId.get("decoder-written"), to = plan.byId.get("decoder-pieces"), [start, end] = [from, to].map(row => row.y + row.h / 2);
  return `<g class="memory"><path d="M${right + 1} ${level}H${bus}M${bus} ${Math.min(level, ...levels)}V${Math.max(level, ...levels)}" />${arms}</g>`
    + `<g class="back"><path d="M${side + 2} ${start}H${back}V${end}H${side + 5}" /><path class="head" d="M${side + 6} ${end - 2.5}l-4 2.5l4 2.5z" /></g>`;
}

function draw(view) {
  const { root, data } = view, { drawn } = data, stage = root.firstElementChild, canvas = root.querySelector("canvas"), svg = root.querySelector("svg"), width = root.clientWidth;
  root.setAttribute("aria-label", data.label);
  tint(root, data.colours);
  stage.hidden = !drawn || !width;
  if (stage.hidden) return;
  const counts = Object.fromEntries(Object.entries(drawn.pieces).map(([side, count]) => [side, Array(count)]));
  const all = { ...drawn, pieces: counts, colours: data.colours, little: true, way: "writing" };
  const plan = layout(all, width - 8, () => 0), density = Math.max(1, devicePixelRatio);
  Object.assign(canvas, { width: Math.ceil(width * density), height: Math.ceil(plan.high * density) });
  for (const element of [stage, canvas, svg]) Object.assign(element.style, { width: `${width}px`, height: `${plan.high}px` });
  svg.setAttribute("viewBox", `0 0 ${width} ${plan.high}`);
  const order = new Map(plan.rows.map((row, place) => [row.block.id, place]));
  paint({ context: canvas.getContext("2d"), density, plan, data: all, images: view.images, order, most: { encoder: 1, decoder: 1 }, step: drawn.pieces.written, phase: 0 });
  const here = data.here === "home" || data.here === data.whole, name = `${data.names[data.whole]}${data.here === data.whole ? `, ${data.you}` : ""}`;
  const ground = `<a href="${data.whole.replace(/^\d+_/, "")}${safe(location.search)}" data-page="${data.whole}" class="ground" aria-label="${safe(name)}"${data.here === data.whole ? ' aria-current="page"' : ""}>`
    + `<title>${safe(name)}</title><rect class="${here ? "whole" : ""}" x="0.5" y="0.5" width="${width - 1}" height="${plan.high - 1}" rx="4" /></a>`;
  svg.innerHTML = (data.whole in data.names ? ground : "") + wires(plan, drawn) + plan.rows.map(row => links(row, plan, data)).join("");
}

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".atlas-map"), view = (root.atlas ??= { root });
  if (!view.watched) {
    view.watched = new ResizeObserver(() => { if (view.width !== root.clientWidth) { view.width = root.clientWidth; if (view.data) draw(view); } });
    view.watched.observe(root);
  }
  view.data = data;
  if (data.drawn) view.images = mosaics({ strips: data.drawn.strips, colours: data.colours });
  view.width = root.clientWidth;
  draw(view);
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
