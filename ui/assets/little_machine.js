// The machine, small: every block is a link to its page, this page's blocks are lit; the arrow keys turn the pages of the walk.

const OWN = "input, textarea, select, [contenteditable='true'], [role=radio], [role=slider], [role=option], [role=tab], [role=listbox],"
  + "[role=combobox], [role=spinbutton], [role=application], [role=menuitem], [role=menu], [role=grid], [role=dialog], canvas, audio, video";
// They are always there, if unseen.
const go = page => turnTo(page, "body");

// A block is a link to each of the pages about it; a real one, so that it can be opened in another tab.
function links(row, plan, data) {
  const { x, pitch, width } = plan.made[row.column], pages = row.block.pages, each = width / Math.max(1, pages.length);
  const high = row.strip || row.h - (row.block.kind === "output" ? plan.size.air : 1);
  return pages.map((page, number) => {
    const here = page === data.here, near = page === data.before || page === data.after, name = here ? `${data.names[page]}, ${data.you}` : data.names[page];
    return `<a href="${page.replace(/^\d+_/, "")}${safe(location.search)}" data-page="${page}" class="${near ? "near" : ""} ${row.strip ? "" : "words"}" aria-label="${safe(name)}"${here ? ' aria-current="page"' : ""}>`
      + `<title>${safe(name)}</title><rect x="${x + number * each - (number ? 0 : 1)}" y="${row.y - 1}" width="${each + (number ? 0 : 1)}" height="${high + 2}" rx="1.5" /></a>`;
  }).join("");
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
  paint({ context: canvas.getContext("2d"), density, plan, data: all, images: view.images, step: drawn.pieces.written, phase: 0 });
  const { memory, loop } = ways(plan, drawn, 4);
  const here = data.here === "home" || data.here === data.whole, name = `${data.names[data.whole]}${data.here === data.whole ? `, ${data.you}` : ""}`;
  const ground = `<a href="${data.whole.replace(/^\d+_/, "")}${safe(location.search)}" data-page="${data.whole}" class="ground" aria-label="${safe(name)}"${data.here === data.whole ? ' aria-current="page"' : ""}>`
    + `<title>${safe(name)}</title><rect class="${here ? "whole" : ""}" x="0.5" y="0.5" width="${width - 1}" height="${plan.high - 1}" rx="4" /></a>`;
  svg.innerHTML = (data.whole in data.names ? ground : "") + `<g class="memory">${memory}</g><g class="back">${loop}</g>` + plan.rows.map(row => links(row, plan, data)).join("");
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
