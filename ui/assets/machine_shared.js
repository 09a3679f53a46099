// What the large and the little machine both need: text that is no markup, the way to another page, and the wires between the columns.

const safe = text => String(text).replace(/[&<>"']/g, sign => `&#${sign.charCodeAt(0)};`);

// Streamlit's own links, those within `where`, turn the page without a new visit, and so everything that was chosen stays.
function turnTo(page, where) {
  if (window.atlasLocked) return;  // by a lesson, see `lock.js`
  const name = page === "app" ? "" : page.replace(/^\d+_/, "");
  const found = [...document.querySelectorAll(`${where} a[data-testid="stPageLink-NavLink"]`)].find(a => a.getAttribute("href").split("?")[0].split("/").pop() === name);
  if (found) found.click();
  else location.assign((name || "./") + location.search);
}

// The top of the encoder goes into every layer of the decoder; what was written goes back to the bottom. Arrow heads are `head` long.
function ways(plan, data, head) {
  const { made, bus, back, wide } = plan, top = plan.topOfEncoder, turn = wide ? 1 : -1, half = head * 2 / 3, side = made.decoder.x + made.decoder.width;
  const open = Math.min(data.layer, data.layers.decoder), level = top.y + top.strip / 2, edge = wide ? made.decoder.x - head / 2 : side + head / 2;
  const into = plan.rows.filter(row => row.column === "decoder" && (row.block.kind === "cross" || (row.block.kind === "layer" && row.block.layer !== open)));
  const levels = into.map(row => row.y + row.strip / 2), highest = Math.min(level, ...levels);
  const arms = levels.map(y => `<path d="M${bus} ${y}H${edge - head * turn}" /><path class="head" d="M${edge - head * turn} ${y - half}l${head * turn} ${half}l${-head * turn} ${half}z" />`).join("");
  const memory = `<path d="M${made.encoder.x + made.encoder.width + 2} ${level}H${bus}M${bus} ${highest}V${Math.max(level, ...levels)}" />${arms}`;
  const written = plan.byId.get("decoder-written"), read = plan.byId.get("decoder-pieces"), from = written.y + written.h + head / 2, to = read.y + Math.min(12, read.h / 2);
  const loop = `<path class="loop" d="M${side + head} ${from}H${back - head}Q${back} ${from} ${back} ${from + head}V${to - head}Q${back} ${to} ${back - head} ${to}H${side + 2 * head}" />`
    + `<path class="head" d="M${side + 2 * head} ${to - half}l${-head} ${half}l${head} ${half}z" />`;
  return { memory, loop, highest };
}
