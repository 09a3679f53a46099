// The sheets as they are printed, made as small as the room, and a window of their own to print them from. Nothing in them runs.

const PIXELS = 96 / 25.4;  // of a millimetre

function fit(view) {
  const room = view.desk.clientWidth, paper = (view.data?.width ?? 210) * PIXELS + 24;
  if (!room) return;
  const scale = Math.min(1, room / paper);
  view.frame.style.width = `${room / scale}px`;
  view.frame.style.height = `${view.desk.clientHeight / scale}px`;
  view.frame.style.transform = `scale(${scale})`;
}

// For a minute there is an address for the page.
function addressed(view) {
  const address = URL.createObjectURL(new Blob([view.data.page], { type: "text/html" }));
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
  return address;
}

function open(view) {
  const opened = window.open(addressed(view));
  view.told.textContent = opened ? "" : view.data.words.blocked;
  opened?.addEventListener("load", () => opened.print());
}

function save(view) {
  const link = Object.assign(document.createElement("a"), { href: addressed(view), download: view.data.name });
  link.click();
}

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".atlas-worksheets");
  const view = (root.view ??= {
    open: root.querySelector(".atlas-worksheets-open"), save: root.querySelector(".atlas-worksheets-save"), told: root.querySelector("span"), desk: root.querySelector(".atlas-worksheets-desk"),
    frame: root.querySelector("iframe"),
  });
  const before = view.data;
  view.data = data;
  view.open.textContent = data.words.open;
  view.save.textContent = data.words.save;
  view.open.onclick = () => open(view);
  view.save.onclick = () => save(view);
  view.frame.title = data.words.title;
  if (before?.page !== data.page) view.frame.srcdoc = data.page;
  view.watch ??= new ResizeObserver(() => fit(view));
  view.watch.observe(view.desk);
  fit(view);
  return () => { view.watch.disconnect(); };
}
