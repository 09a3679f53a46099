// The room, live: one line from the server for the whole visit (server-sent events). News that are to be seen draw the bar again; the teacher's
// moves turn the page, as the browser's own Back would, so that Streamlit takes everything from the address.

const REST = 700, OFTEN = 1000, PATIENCE = 4000, AGAIN = 2000, HIDDEN = 10_000;  // milliseconds
const OWN = ["lang", "present"];  // what is everybody's own in an address
const FOREIGN = ["room", "embed", ...OWN];  // what is not passed on
const room = (window.atlasRoom ??= { url: "", source: null, news: null, leaving: 0, drawn: null, sent: 0, wanted: null, until: 0, arriving: 0, reloading: false });

const fill = (words, values) => words.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");

function listen(url) {
  clearTimeout(room.leaving);
  if (room.url === url && room.source && room.source.readyState !== EventSource.CLOSED) return;
  hang();
  room.url = url;
  room.source = new EventSource(url);
  room.source.onerror = () => {
    if (room.source?.readyState !== EventSource.CLOSED) return;  // it calls again by itself
    room.news = { lost: true };  // refused: the room has ended, or the server has its hands full. The page asks which, and the line is tried again
    room.drawn?.();
    setTimeout(() => { if (room.drawn && room.url === url) listen(url); }, PATIENCE);
  };
  room.source.onmessage = ({ data }) => {
    room.news = JSON.parse(data);
    if (room.news.gone || room.news.crowd) hang();
    room.drawn?.();
  };
}

function hang() {
  room.source?.close();
  room.source = null;
}

// Where everybody is: the page and its choices, without what is one's own.
function here(base) {
  const asked = new URLSearchParams(location.search);
  for (const name of [...asked.keys()]) if (FOREIGN.includes(name) || name.startsWith("to_")) asked.delete(name);
  return location.pathname.slice(base.length).replace(/^\/+/, "") + (asked.size ? `?${asked}` : "");
}

function remembered(id) {
  try { return JSON.parse(sessionStorage.getItem("atlasClass") ?? "null")?.[id] ?? null; } catch { return null; }
}

function remember(id, told) {
  try { sessionStorage.setItem("atlasClass", JSON.stringify({ [id]: told })); } catch { /* then only until the next page */ }
}

const running = () => document.querySelector("[data-test-script-state]")?.dataset.testScriptState === "running";
const pathOf = (base, address) => `${base}/${address.split("?")[0]}`;

function go(base, id, news) {
  const asked = new URLSearchParams(news.address.split("?")[1] ?? ""), now = new URLSearchParams(location.search);
  remember(id, { lead: news.lead, path: pathOf(base, news.address) });
  if (here(base) === news.address) return;
  for (const name of OWN) if (now.has(name)) asked.set(name, now.get(name));
  // So that Back brings one's own view again, whole: it is led to as well.
  history.replaceState(history.state, "", `${location.pathname}?to_led=${encodeURIComponent(now)}`);
  const push = window.atlasWay?.push ?? history.pushState.bind(history);
  push(history.state, "", `${pathOf(base, news.address)}?to_led=${encodeURIComponent(asked)}`);
  dispatchEvent(new PopStateEvent("popstate", { state: history.state }));
  arrive(`${pathOf(base, news.address)}?${asked}`, id, news.lead);
}

// Where two moves meet, Streamlit may forget one of them: then the page is loaded anew, and moves that come meanwhile are followed after it.
function arrive(address, id, lead) {
  clearTimeout(room.arriving);
  room.arriving = setTimeout(() => {
    if (!location.search.includes("to_led=")) return;
    if (running()) return arrive(address, id, lead);
    room.reloading = true;
    remember(id, { lead, path: location.pathname });
    location.replace(address);
  }, PATIENCE);
}

// A learner: follows, has wandered off, or never was led.
function follow({ base, room: id, words }, news, said, button) {
  if (room.reloading) return;
  const path = pathOf(base, news.address), there = location.pathname === path;
  const was = remembered(id) ?? { lead: news.always ? 0 : news.lead, path: location.pathname };
  remember(id, { lead: news.lead, path });
  const with_ = location.pathname === was.path;  // still where the class was before this move
  if (news.lead > was.lead && (news.brought > was.lead || (news.always && with_))) return go(base, id, news);
  const led = news.lead > 0;
  said.textContent = !led ? "" : there ? (news.always ? words.following : words.together) : words.wandered;
  button.hidden = !led || there;
  button.textContent = words.back;
  button.onclick = () => go(base, id, news);
}

// The teacher: how many are there, and a press that brings them.
function lead({ base, words }, news, parts, tell) {
  const { said, button, box, label } = parts;
  said.textContent = fill(news.led ? words.with : words.here, news);
  button.hidden = label.hidden = false;
  button.textContent = words.bring;
  button.onclick = () => tell({ address: here(base), bring: true });
  label.lastElementChild.textContent = words.lead;
  label.title = words.hint;
  if (news.always === room.wanted || Date.now() > room.until) room.wanted = null;
  box.checked = room.wanted ?? news.always;  // what was just pressed is on its way
  box.onchange = () => {
    Object.assign(room, { wanted: box.checked, until: Date.now() + PATIENCE });
    tell({ address: here(base), always: box.checked });
  };
}

export default function ({ data, parentElement, setTriggerValue }) {
  const [said, button, label] = [".atlas-class-said", ".atlas-class-bring", ".atlas-class-lead"].map(name => parentElement.querySelector(name));
  const box = label.querySelector("input");
  const tell = move => setTriggerValue("move", { ...move, at: Date.now() });
  let asked = 0, timer = 0, moving = "", rested = 0;

  function again() {  // the bar is to be drawn anew, not too often
    if (timer) return;
    timer = setTimeout(() => {
      timer = 0;
      if (running()) return again();  // a page that is just being turned brings it along
      setTriggerValue("changed", asked = Date.now());
    }, Math.max(running() ? 150 : 0, asked + OFTEN - Date.now()));
  }

  function draw() {
    const news = room.news;
    if (!news) { said.textContent = data.words.waiting; return; }
    if (news.crowd) { said.textContent = data.words.crowd; return; }  // until this tab is looked at again
    if (news.gone || news.lost) return again();
    data.teacher ? lead(data, news, { said, button, box, label }, tell) : follow(data, news, said, button);
    if (news.version > data.version || (data.watch && news.answered !== data.answered)) again();
    if (data.teacher && data.counts) {
      const counted = document.querySelector(".atlas-class-count");
      if (counted) counted.textContent = fill(data.words.answered, news);
    }
  }

  function look() {  // while the teacher leads: where they have come to rest; told again until the server knows
    const now = here(data.base), time = Date.now();
    if (!room.news?.always || now.split("?")[0] === data.alone) return;
    if (now !== moving) { moving = now; rested = time; return; }
    if (now === room.news.address || time - rested < REST || time - room.sent < AGAIN || running()) return;
    room.sent = time;
    tell({ address: now });
  }

  // A question that has come is seen, wherever one has scrolled to.
  if (data.asked !== room.asked && data.asked) setTimeout(() => parentElement.closest("[class*=st-key-atlas_room]")?.scrollIntoView({ block: "start" }), 150);
  room.asked = data.asked;
  if (room.url !== data.stream) room.news = null;
  room.drawn = draw;
  listen(data.stream);
  draw();
  const ticking = data.teacher ? setInterval(look, 250) : 0;
  let resting = 0;
  const seen = () => {
    clearTimeout(resting);
    if (document.visibilityState === "visible") listen(data.stream);
    else resting = setTimeout(hang, HIDDEN);  // a phone in a pocket holds no line, and a browser has six in all for one server
  };
  document.addEventListener("visibilitychange", seen);
  window.addEventListener("focus", seen);
  return () => {
    document.removeEventListener("visibilitychange", seen);
    window.removeEventListener("focus", seen);
    clearInterval(ticking);
    clearTimeout(timer);
    clearTimeout(resting);
    if (room.drawn === draw) room.drawn = null;
    clearTimeout(room.leaving);
    room.leaving = setTimeout(() => { if (!room.drawn) hang(); }, PATIENCE);
  };
}
