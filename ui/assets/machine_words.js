// What can be read, pointed at and focused: the blocks, the pieces, the wires, the card, and what stands inside an unfolded block.

const fill = (template, values) => template.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
const chanceOf = share => share > 0 && share < 0.005 ? "< 0.01" : digits(share);
const digits = value => Number(value).toFixed(Math.abs(value) >= 100 ? 0 : 2).replace(/^-(?=0\.0+$)/, "").replace("-", "−");

function shorten(name, view, room) {
  if (view.measure(name) <= room) return name;
  let text = name;
  while (text.length > 1 && view.measure(text + "…") > room) text = text.slice(0, -1);
  return text + "…";
}

// The label of a block in at most two lines.
function lines(view, name, room) {
  if (view.measure(name) <= room) return [name];
  const words = name.split(/(?<=[ -])/);
  for (let cut = words.length - 1; cut > 0; cut--) {
    const first = words.slice(0, cut).join("").trim();
    if (view.measure(first) <= room) return [first, shorten(words.slice(cut).join("").trim(), view, room)];
  }
  return [shorten(name, view, room)];
}

// While it learns, the right French stands below and above, and softmax is asked what the right piece costs.
function called({ data }, block) {
  const key = { pieces: "right_in", output: "cost", written: "right_out" }[block.kind];
  if (data.way !== "training" && data.forced && block.kind === "written") return data.words.yours;
  return data.way === "training" && block.column === "decoder" && key ? data.words[key] : block.name;
}

function block(view, row) {
  const { plan } = view, place = plan.made[row.column], { block } = row, room = plan.size.label - 6;
  const left = Math.min(place.label - (place.anchor === "end" ? room : 0), place.x - 4), right = Math.max(place.x + place.width + 4, place.anchor === "end" ? 0 : place.label + room);
  const tall = row.lines ? row.h - plan.size.air : row.strip || row.h - (row.strip === 0 && block.kind === "output" ? plan.size.air : 0);
  const text = lines(view, called(view, block), room), middleOf = row.y + tall / 2 - (text.length - 1) * 6.5 + 4;
  const said = text.map((line, number) => `<text x="${place.label}" y="${middleOf + 13 * number}" text-anchor="${place.anchor}">${safe(line)}</text>`).join("");
  return `<g class="block" data-id="${block.id}" role="button" tabindex="-1" aria-label="${safe(`${block.name}, ${block.shape}`)}"`
    + `${block.opens ? ` aria-expanded="${block.id === view.data.open}"` : ""}>`
    + `<rect class="frame" x="${left}" y="${row.y - 3}" width="${right - left}" height="${tall + 6}" rx="4" />${said}</g>`;
}

function pieces(view, row) {
  const { plan, data } = view, place = plan.made[row.column], top = row.block.kind === "written", names = data.pieces[top ? "written" : row.column];
  return names.map(({ name, colour }, number) => {
    const x = middle(number, place), room = plan.slanted ? 66 : place.pitch - 3, base = row.y + row.h - 6;
    const text = safe(shorten(name, view, room));
    const letters = plan.slanted
      ? `<text transform="translate(${x + 3} ${top ? base : row.y + 14}) rotate(${top ? -42 : 42})" text-anchor="start">${text}</text>`
      : `<text x="${x}" y="${base - 2}" text-anchor="middle">${text}</text>`;
    const mark = `<rect class="mark" x="${x - place.pitch / 2 + 1.5}" y="${top ? row.y + row.h - 3 : plan.slanted ? row.y + 1 : base + 2}" width="${place.pitch - 3}" height="3" fill="${colour}" />`;
    return `<g class="piece" data-column="${row.column}" data-row="${row.block.kind}" data-place="${number}"><title>${safe(name)}</title>`
      + `<rect class="touch" x="${x - place.pitch / 2}" y="${plan.slanted && top ? row.y + row.h - 14 : row.y}" width="${place.pitch}" height="${plan.slanted ? 14 : row.h}" />${letters}${mark}</g>`;
  }).join("");
}

// The residual stream at the side of a column, with a plus wherever something is added to it.
function stream(view, column) {
  const { plan } = view, { stream: x, x: begin, width } = plan.made[column], rows = plan.rows.filter(row => row.column === column && row.strip);
  const bottom = rows[0].y + rows[0].strip / 2, top = rows.at(-1).y + rows.at(-1).strip / 2;
  const inner = x < begin ? begin - 1 : begin + width + 1, level = row => row.y + row.strip / 2;
  const parts = rows.map(row => {
    const adds = ["add", "layer", "position"].includes(row.block.kind);
    const arm = `<path d="M${inner} ${level(row)}H${x}" />`;
    return adds ? `${arm}<circle cx="${x}" cy="${level(row)}" r="4" /><path d="M${x - 2.5} ${level(row)}h5M${x} ${level(row) - 2.5}v5" class="plus" />` : arm;
  });
  return `<path class="trunk" d="M${x} ${bottom}V${top}" />${parts.join("")}`;
}

function wires(view) {
  const { plan, data } = view, { memory, loop, highest } = ways(plan, data, 6);
  const name = `<text class="note" x="${plan.bus + 4}" y="${highest - 6}" text-anchor="middle">${safe(data.words.memory)}</text>`;
  return `<g class="memory">${memory}${plan.wide ? name : ""}</g><g class="back">${data.way === "training" ? "" : loop}</g>`;
}

// Everything that stands still, as one drawing.
function drawing(view) {
  const { plan } = view, streams = ["encoder", "decoder"].map(column => stream(view, column)).join("");
  const words = plan.rows.filter(row => row.block.kind === "pieces" || row.block.kind === "written");
  return `<g class="wires" aria-hidden="true"><g class="stream">${streams}</g>${wires(view)}</g>`
    + `<rect class="column" data-column="encoder" hidden /><rect class="column" data-column="decoder" hidden />`
    + plan.rows.map(row => block(view, row)).join("") + words.map(row => pieces(view, row)).join("")
    + `<g class="likely" aria-hidden="true"></g><circle class="pulse" r="5" hidden />`;
}

// Which pieces are to be seen, which column is chosen, what may be written.
function mark(view) {
  const { svg, plan, data } = view, rows = new Map(plan.rows.map(row => [`${row.column} ${row.block.kind}`, row.reached ?? 0]));
  for (const piece of svg.querySelectorAll(".piece")) {
    const { column, row, place } = piece.dataset;
    piece.classList.toggle("away", Number(place) >= rows.get(`${column} ${row}`));
    piece.classList.toggle("chosen", Number(place) === shownChoice(view, column));
  }
  for (const column of svg.querySelectorAll(".column")) {
    const place = shownChoice(view, column.dataset.column), made = plan.made[column.dataset.column];
    const inColumn = plan.rows.filter(row => row.column === column.dataset.column && (row.strip || row.block.kind === "pieces"));
    column.toggleAttribute("hidden", place === null);
    if (place === null) continue;
    const top = inColumn.at(-1).y - 3, bottom = inColumn[0].y + inColumn[0].h;
    for (const [name, value] of Object.entries({ x: made.x + place * made.pitch, y: top, width: made.pitch, height: bottom - top })) column.setAttribute(name, value);
  }
  likely(view);
}

function shownChoice(view, column) {
  if (column === "encoder") return view.data.chosen.encoder;
  const row = view.plan.byId.get("decoder-output");
  return view.data.way === "training" ? view.data.chosen.decoder : shownPlace(view, row.reached ?? 0);
}

function likely(view) {
  const group = view.svg.querySelector(".likely"), { plan, data } = view, row = plan.byId.get("decoder-output"), { x, width } = plan.made.decoder;
  const place = shownPlace(view, row.reached ?? 0), found = place === null || data.way === "training" ? [] : fitting(data.likely[place], width), wide = width / Math.max(1, found.length);
  group.innerHTML = found.map(({ name, share, chosen }, number) => {
    const percent = share < 0.005 ? "< 1 %" : `${Math.round(share * 100)} %`, text = wide > 64 ? `${shorten(name, view, wide - 34)} ${percent}` : shorten(name, view, wide - 4);
    return `<text x="${x + number * wide + 2}" y="${row.y + 18}" class="${chosen ? "winner" : ""}">${safe(text)}</text>`;
  }).join("");
}

// The card: what the block at hand is, its shape, and its numbers for the chosen piece.
function tell(view, id) {
  const { card, data, plan } = view, found = data.blocks.find(each => each.id === id), words = data.words;
  view.told = found?.id ?? "";
  for (const each of view.svg.querySelectorAll(".block")) each.classList.toggle("told", each.dataset.id === view.told);
  const written = data.way === "training" ? fill(words.loss, { loss: data.loss.toFixed(3) }) : data.texts[Math.max(0, view.step)], large = `<p class="atlas-large${written.length > 40 ? " long" : ""}">${safe(written)}</p>`;
  const put = html => { card.innerHTML = html; card.toggleAttribute("tabindex", false); if (card.scrollHeight > card.clientHeight + 1) card.tabIndex = 0; };
  if (!found) return put(`${large}<p class="hint">${safe(data.way === "training" && !data.forced ? words.own : words.hint)}</p>`);
  const pages = found.pages.map(page => `<a href="${page.replace(/^\d+_/, "")}${location.search}" data-page="${page}">${safe(fill(words.all, { page: data.titles[page] }))} →</a>`).join(" ");
  const unfold = found.opens ? `<button type="button" data-open="${found.id}">${safe(found.id === data.open ? words.fold : words.unfold)}</button>` : "";
  put(`<h3>${safe(called(view, found))}${found.layer && found.kind !== "layer" ? ` · ${safe(view.layerName(found))}` : ""} <small>${safe(found.shape)}</small></h3>`
    + `<p>${safe(found.says)}</p><p class="numbers">${safe(numbers(view, found))}</p><p class="ways">${unfold} ${pages}</p>`);
}

function numbers(view, found) {
  const { data } = view, words = data.words, place = shownChoice(view, found.column) ?? 0, names = data.pieces[found.column];
  const piece = names[Math.min(place, names.length - 1)].name;
  if (found.map !== null) {
    const row = found.map[place], key = row.indexOf(Math.max(...row)), keys = data.pieces[found.kind === "cross" ? "encoder" : found.column];
    return `${fill(words.looks, { piece, key: keys[key].name, weight: digits(row[key]) })} (${data.head === null ? words.of_mean : fill(words.of_head, { head: data.head + 1 })})`;
  }
  if (found.kind === "output" || found.kind === "written") {
    const chance = data.chances[place];
    return fill(words.chance, { piece: data.pieces.written[place].name, chance: chanceOf(chance), loss: digits(-Math.log(chance)) });
  }
  if (found.strip === null) return "";
  const { lengths, first, every } = data.strips, values = first[found.strip][place].map(digits).join(", ");
  return fill(words.length, { piece, length: digits(lengths[found.strip][place]), first: values }) + (every > 1 ? ` (${fill(words.every, { every })})` : "");
}

// The panels of the unfolded block, each a small canvas with its title and what it says of the chosen numbers.
function unfold(view) {
  const { inside, data, plan } = view, { band } = plan;
  inside.hidden = !band;
  if (!band) return void inside.replaceChildren();
  const { scale } = view;
  Object.assign(inside.style, { top: `${band.y * scale}px`, height: `${(band.h - 8) * scale}px`, width: `${Math.min(view.scroll.clientWidth, plan.width * scale)}px` });
  const found = data.blocks.find(each => each.id === data.open), head = LOOKING.includes(found.kind) ? ` · ${fill(data.words.of_head, { head: (data.head ?? 0) + 1 })}${data.head === null ? ` (${data.words.no_mean})` : ""}` : "";
  inside.innerHTML = `<h4>${safe(called(view, found))}${found.layer ? ` · ${safe(view.layerName(found))}` : ""}${safe(head)} <button type="button" data-open="">${safe(data.words.fold)} ✕</button></h4><div class="panels">`
    + data.inside.map(panel => `<figure><figcaption>${safe(panel.title)}</figcaption>${panel.kind === "bars" ? bars(panel) : `<canvas></canvas>`}<p>${safe(panel.says ?? "")}</p></figure>`).join("") + "</div>";
  const canvases = inside.querySelectorAll("canvas"), matrices = data.inside.filter(panel => panel.kind === "matrix");
  const room = plan.wide ? Math.max(48, (inside.clientWidth - 24) / data.inside.length - 12) : 110;
  matrices.forEach((panel, number) => matrix(view, canvases[number], panel, Math.min(room, 150 * scale), 84 * scale));
}

const bars = ({ bars: rows }) => `<div class="bars">${rows.map(({ name, says, share, chosen }) =>
  `<span class="${chosen ? "winner" : ""}">${safe(name)}</span><span>${safe(says)}</span><span class="bar"><i style="width:${Math.max(1, share * 100)}%"></i></span><span>${chanceOf(share)}</span>`).join("")}</div>`;

function matrix(view, canvas, panel, room, most) {
  const rows = panel.values.length, across = panel.values[0].length, square = panel.columns ? Math.min(room / across, most / rows) : 0;
  const wide = square || Math.min(room / across, 9), high = square || most / rows, lut = panel.signed ? view.signed : view.shares;
  Object.assign(canvas, { width: Math.ceil(wide * across * view.density), height: Math.ceil(high * rows * view.density) });
  Object.assign(canvas.style, { width: `${wide * across}px`, height: `${high * rows}px` });
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", `${panel.title}: ${rows} × ${across}. ${panel.says}`);
  const ink = canvas.getContext("2d");
  ink.scale(view.density, view.density);
  panel.values.forEach((row, r) => row.forEach((value, c) => {
    const share = panel.signed ? (Math.max(-1, Math.min(1, value / panel.scale)) + 1) / 2 : Math.max(0, value);
    const [red, green, blue] = lut[Math.round(share * 255)];
    ink.fillStyle = panel.hidden?.[r][c] ? view.panel : `rgb(${red} ${green} ${blue})`;
    ink.fillRect(c * wide, r * high, wide + 0.3, high + 0.3);
    if (panel.hidden?.[r][c]) { ink.strokeStyle = view.muted; ink.lineWidth = 0.7; ink.beginPath(); ink.moveTo(c * wide, (r + 1) * high); ink.lineTo((c + 1) * wide, r * high); ink.stroke(); }
  }));
  if (panel.at) {
    const [row, column] = panel.at;
    ink.strokeStyle = view.accent;
    ink.lineWidth = 2;
    ink.strokeRect(column === null ? 1 : column * wide, row * high, column === null ? wide * across - 2 : Math.max(3, wide), Math.max(3, high));
  }
  canvas.onmousemove = event => {
    const box = canvas.getBoundingClientRect(), r = Math.floor((event.clientY - box.top) / high), c = Math.floor((event.clientX - box.left) / wide);
    const value = panel.values[r]?.[c];
    if (value === undefined) return;
    canvas.title = `${panel.rows ? panel.rows[r] : ""}${panel.columns ? ` → ${panel.columns[c]}` : ` [${panel.vector ? r * across + c : c}]`}: ${digits(value)}`;
  };
}
