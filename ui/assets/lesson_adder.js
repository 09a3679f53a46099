// The view as the browser knows it: its page and all that is chosen.
export default function ({ data, parentElement, setTriggerValue }) {
  const button = parentElement.querySelector("button");
  button.textContent = data.label;
  button.onclick = () => setTriggerValue("at", location.pathname.split("/").pop() + location.search);
}
