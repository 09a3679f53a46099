// What moves is drawn on a canvas: the strips of numbers, the lines of attention, the small maps.

const rgb = colour => [1, 3, 5].map(start => parseInt(colour.slice(start, start + 2), 16));

// 256 colours between those given.
function table(colours) {
  const stops = colours.map(rgb);
  return Array.from({ length: 256 }, (_, place) => {
    const share = place / 255 * (stops.length - 1), low = Math.min(stops.length - 2, Math.floor(share)), part = share - low;
    return stops[low].map((value, channel) => Math.round(value + part * (stops[low + 1][channel] - value)));
  });
}

// The two ways between the columns have colours of their own.
function tint(root, { memory, back }) {
  root.style.setProperty("--memory", memory);
  root.style.setProperty("--back", back);
}

// The strip of every block as a small picture: the numbers of each piece folded into a mosaic, one mosaic beside the other.
function mosaics({ strips, colours }) {
  const bytes = Uint8Array.from(atob(strips.data), letter => letter.charCodeAt(0)), signed = new Int8Array(bytes.buffer);
  const [across, down] = strips.fold, lut = table(colours.signed), size = across * down;
  let start = 0;
  return strips.places.map(places => {
    const image = new ImageData(across * places, down);
    for (let place = 0; place < places; place++) for (let number = 0; number < size; number++) {
      const [r, g, b] = lut[Math.round((signed[start + place * size + number] + 127) / 254 * 255)];
      const at = 4 * (Math.floor(number / across) * across * places + place * across + number % across);
      image.data.set([r, g, b, 255], at);
    }
    start += places * size;
    const canvas = new OffscreenCanvas(across * places, down);
    canvas.getContext("2d").putImageData(image, 0, 0);
    return canvas;
  });
}

// How many places of a row are there: `[whole, share of the next one]`.
function reached(view, row) {
  const { data, step, phase } = view, count = data.pieces[row.column].length, written = data.pieces.written.length;
  const arrived = Math.max(0, Math.min(1, phase * 1.25 * (view.plan.most[row.column] + 1) - row.order));
  if (row.column === "encoder" || data.way === "training") return step >= 0 || arrived >= 1 ? [count, 0] : [0, arrived];
  if (step < 0) return [0, 0];
  if (row.block.kind === "pieces") return [Math.min(count, step + 1), 0];
  return arrived >= 1 ? [Math.min(written, step + 1), 0] : [step, step < written ? arrived : 0];
}

function paint(view) {
  const { context: ink, plan, data } = view, together = data.way === "training";
  const scale = view.density * (view.scale ?? 1);
  ink.setTransform(scale, 0, 0, scale, 0, 0);
  ink.clearRect(0, 0, plan.width, plan.high);
  for (const row of plan.rows) {
    const [whole, share] = reached(view, row);
    row.reached = whole;
    if (row.lines && !data.little) look(view, row, whole);
    if (row.block.strip !== null) strip(view, row, whole, row.column === "encoder" || together ? [0, data.pieces[row.column].length, share] : [whole, whole + 1, share]);
    if (row.block.kind === "output" && !data.little) output(view, row, whole);
  }
}

// `whole` places, and those from `first` up to `end` as far as they have come.
function strip(view, row, whole, [first, end, share]) {
  const { context: ink, plan, data } = view, { x, pitch } = plan.made[row.column], [across, down] = data.strips.fold;
  const image = view.images[row.block.strip], air = pitch > 8 ? 2 : 0.5;
  ink.imageSmoothingEnabled = false;
  const cell = (place, alpha) => {
    ink.globalAlpha = alpha;
    ink.drawImage(image, place * across, 0, across, down, x + place * pitch + air / 2, row.y, pitch - air, row.strip);
  };
  for (let place = 0; place < whole; place++) cell(place, 1);
  if (share > 0) for (let place = Math.max(first, whole); place < Math.min(end, data.strips.places[row.block.strip]); place++) cell(place, share);
  ink.globalAlpha = 1;
}

// Who looks at whom in an attention: lines from the keys below up to the queries, those of the piece at hand in the keys' colours.
function look(view, row, whole) {
  const { context: ink, plan, data } = view, weights = row.block.map, asks = asking(view, row, whole);
  const keys = row.block.kind === "cross" ? "encoder" : row.column, to = plan.made[row.column], from = plan.made[keys];
  const foot = row.y + row.strip + row.lines, head = row.y + row.strip + 1;
  const below = row.block.kind === "cross" ? plan.topOfEncoder.y - 1 : foot + plan.size.air - 2;
  const curve = (query, key, alpha, colour, width) => {
    const x1 = middle(key, from), x2 = middle(query, to), bend = row.block.kind === "cross" ? 46 : (below - head) * 0.5;
    ink.beginPath();
    ink.moveTo(x1, below);
    ink.bezierCurveTo(x1, below - bend, x2, head + Math.min(bend, row.lines), x2, head);
    ink.globalAlpha = alpha;
    ink.strokeStyle = colour;
    ink.lineWidth = width;
    ink.stroke();
  };
  if (row.block.kind !== "cross") for (let query = 0; query < whole; query++) {
    if (query !== asks) weights[query].forEach((weight, key) => { if (weight > 0.04) curve(query, key, 0.22 * weight + 0.03, view.ink, 0.5 + 1.5 * weight); });
  }
  if (asks !== null && asks < whole) weights[asks].forEach((weight, key) => {
    if (weight > 0.015) curve(asks, key, Math.min(1, 0.35 + weight), data.pieces[keys][key].colour, 0.8 + 5 * weight);
  });
  ink.globalAlpha = 1;
  if (plan.wide) small(view, row, whole, asks);
}

// The query whose look is drawn: the piece that is being written, or the chosen one.
function asking(view, row, whole) {
  const { data, step, phase } = view, chosen = data.chosen[row.column];
  if (row.column === "encoder" || data.way === "training") return chosen;
  if (view.playing || phase > 0 || step < data.pieces.written.length) return whole ? whole - 1 : null;
  return chosen;
}

// The small map beside an attention; what is masked, or not asked yet, stays empty.
function small(view, row, whole, asks) {
  const { context: ink, plan, data } = view, weights = row.block.map, side = plan.size.map, x = plan.made[row.column].map, y = row.y + (row.block.kind === "cross" ? row.strip : 0);
  const queries = weights.length, keys = weights[0].length, high = side / queries, wide = side / keys;
  ink.fillStyle = view.panel;
  ink.fillRect(x, y, side, side);
  for (let query = 0; query < whole; query++) for (let key = 0; key < keys; key++) {
    const masked = row.block.kind === "masked" && key > query;
    if (masked) continue;
    const [r, g, b] = view.shares[Math.min(255, Math.round(weights[query][key] * 255))];
    ink.fillStyle = `rgb(${r} ${g} ${b})`;
    ink.fillRect(x + key * wide, y + query * high, wide + 0.3, high + 0.3);
  }
  ink.strokeStyle = view.muted;
  ink.lineWidth = 1;
  ink.strokeRect(x - 0.5, y - 0.5, side + 1, side + 1);
  if (asks !== null && asks < whole) { ink.strokeStyle = view.accent; ink.lineWidth = 1.5; ink.strokeRect(x - 0.5, y + asks * high, side + 1, Math.max(2, high)); }
}

// The likely pieces while one is written; in training what each place costs, −ln of its chance.
function output(view, row, whole) {
  const { context: ink, plan, data } = view, { x, width, pitch } = plan.made.decoder, base = row.y + plan.size.out - 3;
  if (data.way === "training") {
    const costs = data.chances.map(chance => -Math.log(Math.max(chance, 1e-9))), most = Math.max(1, ...costs);
    costs.slice(0, whole).forEach((cost, place) => {
      ink.fillStyle = place === data.chosen.decoder ? view.accent : view.muted;
      const high = Math.max(1, cost / most * (plan.size.out - 6));
      ink.fillRect(x + place * pitch + pitch * 0.25, base - high, pitch * 0.5, high);
    });
    return;
  }
  const place = shownPlace(view, whole), likely = place === null ? [] : fitting(data.likely[place], width), wide = width / Math.max(1, likely.length);
  likely.forEach(({ share, chosen }, number) => {
    ink.fillStyle = view.panel;
    ink.fillRect(x + number * wide + 2, base - 6, wide - 6, 6);
    ink.fillStyle = chosen ? view.accent : view.muted;
    ink.fillRect(x + number * wide + 2, base - 6, (wide - 6) * share, 6);
  });
}

// As many of the likely pieces as can be read, the written one among them.
function fitting(likely, width) {
  const room = Math.max(1, Math.floor(width / 72)), shown = likely.slice(0, room);
  return shown.some(each => each.chosen) ? shown : [...shown.slice(0, room - 1), likely.find(each => each.chosen)];
}

// The place whose next piece is told: the one being written, or the chosen one when all is written.
function shownPlace(view, whole) {
  const { data, step } = view;
  if (!whole) return null;
  if (view.playing || view.phase > 0 || step < data.pieces.written.length) return whole - 1;
  return data.chosen.decoder ?? whole - 1;
}
