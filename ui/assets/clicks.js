// First the field, then the click. Streamlit sends what was typed when its field loses the focus, and that is what a press on a link or a
// button does. The click then races with the words: the page turns and is turned back, the words are lost, or what was pressed has moved away
// before the finger is lifted. So such a press is kept back, the words are sent, and when the page has taken them in the click is passed on.

const FIELDS = ".stTextInput, .stTextArea, .stNumberInput", FORM = ".stForm";  // a form is sent by its own button
const CONTROLS = "a[href], button, summary, label, [role=button], [role=radio], [role=switch], [role=tab]";
const NOTHING = 2000, STILL = 100;  // milliseconds without any answer, and after one, that say that no more will come

let field = null, before = "";  // the field that holds words not yet sent, and what it held when it was entered
let busy = false, answered = false, timer = 0;  // words are on their way; the page is being drawn anew since
let pressed = null, held = null;  // the control under the finger, and the one whose click is kept back

const running = () => document.querySelector("[data-test-script-state]")?.dataset.testScriptState === "running";
const waiting = () => field !== null || busy;
const own = target => target.matches?.("input, textarea") && target.closest(FIELDS) && !target.closest(FORM);

function controlOf({ target, button, ctrlKey, metaKey, shiftKey, altKey }) {
  const control = !button && !ctrlKey && !metaKey && !shiftKey && !altKey ? target.closest?.(CONTROLS) : null;
  return control && !control.closest(FIELDS)?.contains(field) ? control : null;
}

function sent() {
  if (!field) return;
  before = field.value;
  field = null;
  busy = true;
  answered = running();
  wait(NOTHING);
}

function wait(time) {
  clearTimeout(timer);
  timer = setTimeout(passOn, time);
}

function passOn() {
  busy = false;
  const control = held && (held.node.isConnected ? held.node : successor(held));
  held = null;
  (control?.control ?? control)?.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, view: window }));
}

// What a control that is gone was called, and which of its name it was; whoever is called so now has taken its place.
const called = node => [node.tagName, node.getAttribute("href")?.split("?")[0], node.getAttribute("aria-label"), node.textContent].join("\n");
const named = name => [...document.querySelectorAll(CONTROLS)].filter(each => called(each) === name);
const remember = node => ({ node, name: called(node), place: named(called(node)).indexOf(node) });
const successor = ({ name, place }) => named(name)[place];

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

function listen() {
  const hear = (names, heard) => names.forEach(name => window.addEventListener(name, heard, { capture: true }));
  hear(["focusin"], ({ target }) => { if (own(target)) before = target.value; });
  hear(["input"], ({ target }) => { if (own(target)) field = target.value === before ? null : target; });
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
  new MutationObserver(() => {
    if (!busy) return;
    if (running()) { answered = true; clearTimeout(timer); }
    else if (answered) wait(STILL);
  }).observe(document.body, { subtree: true, attributeFilter: ["data-test-script-state"] });
}

export default function () {
  if (window.atlasClicks) return;  // once a visit, whichever page is shown
  window.atlasClicks = true;
  listen();
}
