// First the field, then the click. Streamlit sends what was typed when its field loses the focus, and that is what a press on a link or a
// button does. The click then races with the words: the page turns and is turned back, the words are lost, or what was pressed has moved away
// before the finger is lifted. So such a press is kept back, the words are sent, and the click is passed on when the page has been drawn with
// them; on a link already when the sidebar has: what it holds goes along to other pages.

const FIELDS = ".stTextInput, .stTextArea, .stNumberInput", FORM = ".stForm, .st-key-atlas_search";  // a form is sent by its own button, the search while one types
const CONTROLS = "a[href], button, summary, label, [role=button], [role=radio], [role=switch], [role=tab]";
const NOTHING = 5000, STILL = 100;  // milliseconds without any answer, and after one, that say that no more will come

let field = null, before = "", gone = "";  // the field that holds words not yet sent; what it held when it was entered; what was sent last
let busy = false, answered = false, taken = false, timer = 0;  // words are on their way; the page is being drawn since; the sidebar has them
let pressed = null, held = null;  // the control under the finger, and the one whose click is kept back

const running = () => document.querySelector("[data-test-script-state]")?.dataset.testScriptState === "running";
const waiting = () => field !== null || busy;
const words = ({ type, value, validity }) => type !== "number" ? value : validity.valid && value ? String(Number(value)) : before;
const own = target => target.matches?.("input, textarea") && target.closest(FIELDS) && !target.closest(FORM);

function controlOf({ target, button, ctrlKey, metaKey, shiftKey, altKey }) {
  const control = !button && !ctrlKey && !metaKey && !shiftKey && !altKey ? target.closest?.(CONTROLS) : null;
  if (!control || control.closest(FIELDS)?.contains(field)) return null;
  return field || !taken || control.tagName.toLowerCase() !== "a" ? control : null;
}

function sent() {
  if (!field) return;
  before = gone = words(field);
  field = null;
  busy = true;
  taken = false;
  answered = running();
  wait(NOTHING);
}

function wait(time) {
  clearTimeout(timer);
  timer = setTimeout(passOn, time);
}

function passOn() {
  busy = false;
  const control = held && successor(held);
  held = null;
  (control?.control ?? control)?.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, view: window }));
}

// A control is known by its name, and by which of that name it was: where one has gone, its neighbour may have been given its node.
const called = node => [node.tagName, node.getAttribute("href")?.split("?")[0], node.getAttribute("aria-label"), node.textContent].join("\n");
const named = name => [...document.querySelectorAll(CONTROLS)].filter(each => called(each) === name);
const remember = node => ({ node, name: called(node), place: named(called(node)).indexOf(node) });
const successor = ({ node, name, place }) => node.isConnected && called(node) === name ? node : named(name)[place];

function swallow(event) {
  event.preventDefault();
  event.stopImmediatePropagation();
}

function press(event) {
  pressed = waiting() ? controlOf(event) : null;
  if (pressed) event.stopImmediatePropagation();
}

function click(event) {
  const control = pressed ?? (waiting() ? controlOf(event) : null);
  pressed = null;
  if (!control || !control.contains(event.target)) return;
  swallow(event);
  held = remember(control);
  if (!field) return;
  const typed = field;
  control.focus({ preventScroll: true });
  typed.blur();  // if the control takes no focus
}

// On a telephone the sidebar lies on the page: it makes way for the page that was chosen.
function fold() {
  if (!matchMedia("(max-width: 640px)").matches) return;
  setTimeout(() => document.querySelector("[data-testid=stSidebarCollapseButton] button")?.click(), 150);
}

function listen() {
  const hear = (names, heard) => names.forEach(name => window.addEventListener(name, heard, { capture: true }));
  hear(["focusin"], ({ target }) => { if (own(target)) before = words(target); });
  hear(["input"], ({ target }) => { if (own(target)) field = words(target) === before ? null : target; });
  hear(["focusout"], ({ target }) => { if (target === field) sent(); });
  hear(["keydown"], event => {
    const enter = event.key === "Enter" && !event.isComposing;
    if (enter && event.target === field && (field.tagName === "INPUT" || event.ctrlKey || event.metaKey)) sent();
  });
  hear(["pointerdown"], press);
  hear(["mousedown", "mouseup"], event => { if (pressed) swallow(event); });  // so that nothing loses the focus, and nothing moves
  hear(["pointerup"], event => { if (pressed) event.stopImmediatePropagation(); });
  hear(["pointercancel"], () => { pressed = null; });
  hear(["click"], click);
  hear(["click"], ({ target }) => { if (target.closest?.(".stSidebar .stPageLink a")) fold(); });
  new MutationObserver(() => {
    if (!busy) return;
    if (running()) { answered = true; clearTimeout(timer); }
    else if (answered) wait(STILL);
  }).observe(document.body, { subtree: true, attributeFilter: ["data-test-script-state"] });
}

export default function ({ data }) {
  if (window.atlasTaken) return window.atlasTaken(data.sidebar);  // once a visit, whichever page is shown
  window.atlasTaken = sidebar => {
    if (!busy || !sidebar.includes(gone)) return;
    taken = true;
    if (held?.node.tagName.toLowerCase() === "a" && successor(held)) passOn();  // while the page is drawn, a link may be away
  };
  listen();
}
