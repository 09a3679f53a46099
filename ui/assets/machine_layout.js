// Where everything of the machine stands: two columns that grow from the bottom up, or one above the other where it is narrow.

const FULL = { strip: 15, air: 9, lines: 30, words: 20, slanted: 50, label: 92, map: 46, gap: 132, out: 34, inside: 172, card: 124, least: 12, most: 46, foot: 4 };
const MINI = { strip: 6, air: 4, lines: 0, words: 6, slanted: 6, label: 0, map: 0, gap: 16, out: 9, inside: 0, least: 1, most: 60, foot: 2 };
const NARROW = 700;  // pixels below which the decoder stands above the encoder
const LOOKING = ["self", "masked", "cross"];

// The blocks of a column that are seen: one layer is unfolded, the others are one strip each.
function seen(data, column) {
  const open = Math.min(data.layer, data.layers[column]);
  return data.blocks.filter(block => block.column === column && (!block.layer || (block.kind === "layer") === (block.layer !== open)));
}

function height(block, size, slanted) {
  if (block.kind === "pieces" || block.kind === "written") return slanted ? size.slanted : size.words;
  if (block.kind === "output") return size.air + size.out;
  return size.air + size.strip + (LOOKING.includes(block.kind) ? size.lines : 0);
}

// The columns from left to right: where their strips begin, how far apart the pieces stand, where the labels and the stream are.
function columns(data, size, width) {
  const wide = data.little || width >= NARROW, counts = { encoder: data.pieces.encoder.length, decoder: data.pieces.decoder.length };
  const label = wide ? size.label : Math.min(size.label, 84), side = data.little ? 2 : 16, edge = data.little ? 0 : 10;
  const room = wide ? (width - size.gap - 2 * (label + side) - 2 * edge) / 2 : width - label - side - edge - 38;
  const pitch = column => Math.min(size.most, Math.max(size.least, room / counts[column]));
  const made = {}, strips = column => pitch(column) * counts[column];
  const x = edge + label + side;
  made.encoder = { x, pitch: pitch("encoder"), width: strips("encoder"), stream: x - 9, label: x - 18, anchor: "end", map: x + strips("encoder") + 8 };
  if (!wide) {
    made.decoder = { ...made.encoder, pitch: pitch("decoder"), width: strips("decoder") };
    const right = x + Math.max(made.encoder.width, made.decoder.width);
    return { wide, made, bus: right + 14, back: right + 32, width: right + 38 };
  }
  const left = x + Math.max(room, made.encoder.width) + size.gap, end = left + strips("decoder");
  made.decoder = { x: left, pitch: pitch("decoder"), width: strips("decoder"), stream: end + 9, label: end + 18, anchor: "start", map: left - size.map - 8 };
  return { wide, made, bus: left - size.gap / 2, back: end + side + label + 4, width: end + side + label + edge };
}

// One column: the rows from the bottom up, `y` counted upwards from its foot.
function stack(data, column, size, slanted) {
  let y = 0;
  const rows = seen(data, column).map((block, order) => {
    const high = height(block, size, slanted), lines = LOOKING.includes(block.kind) ? size.lines : 0;
    const words = block.kind === "pieces" || block.kind === "written";
    const row = { block, column, order, foot: y, top: y + high, lines, strip: words || block.kind === "output" ? 0 : size.strip };
    y += high;
    return row;
  });
  return { rows, high: y };
}

// All of it. Rows get `y`, the top of what they draw, and `h`; the band of the unfolded block opens above it, over the whole width.
function layout(data, width, measure) {
  const size = data.little ? MINI : FULL, placed = columns(data, size, width), { made } = placed;
  const longest = names => Math.max(...names.map(piece => measure(piece.name)));
  const slanted = !data.little && ["encoder", "decoder"].some(column => longest([...data.pieces[column], ...data.pieces.written]) > made[column].pitch - 4);
  const left = stack(data, "encoder", size, slanted), right = stack(data, "decoder", size, slanted);
  const lift = placed.wide ? 0 : left.high + 26, rows = [...left.rows, ...right.rows.map(row => ({ ...row, foot: row.foot + lift, top: row.top + lift }))];
  const card = data.little || !placed.wide ? 0 : 152, room = data.inside?.length ? size.inside : 0;
  const opened = rows.find(row => row.block.id === data.open);
  const band = opened && room ? opened.top : Infinity, base = Math.max(right.high + lift, left.high + card) + size.foot * 2;
  // a band over the encoder must leave room for the card above or below it
  const split = card && band < Infinity && band > left.high, above = base - size.foot - band;
  const high = base + room + (split && Math.max(above, band - left.high) < size.card ? size.card - above : 0);
  for (const row of rows) {
    const up = (row.foot + row.top) / 2 > band ? room : 0;
    row.y = high - size.foot - row.top - up;
    row.h = row.top - row.foot;
  }
  return {
    ...placed, size, slanted, rows, high, byId: new Map(rows.map(row => [row.block.id, row])), band: band < Infinity ? { y: opened.y - room, h: room } : null,
    most: { encoder: left.rows.length - 1, decoder: right.rows.length - 1 }, topOfEncoder: rows.filter(row => row.column === "encoder").at(-1),
  };
}

const middle = (place, { x, pitch }) => x + (place + 0.5) * pitch;
