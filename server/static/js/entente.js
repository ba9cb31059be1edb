// Comfort for pages that work without it: suggestions, a switch for light and dark, copying, drawings.
import { copying } from "./copying.js";
import { complete } from "./suggest.js";

for (const input of document.querySelectorAll("input[data-suggest]")) {
  complete(input, input.dataset.suggest, (hit) => {
    if (hit.page) location.assign(hit.page);
  });
}
const pickers = new Map([...document.querySelectorAll("input[data-pick]")].map((input) => [input, pick(input)]));
for (const form of new Set([...pickers.keys()].map((input) => input.form))) form.addEventListener("formdata", ({ formData }) => fill(formData, form));
for (const button of document.querySelectorAll("button.copy")) copying(button, () => button.dataset.copy);
for (const pre of document.querySelectorAll(".ways pre")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.textContent = "Copy";
  pre.before(button);
  copying(button, () => pre.textContent);
}
themes(document.querySelector("button.theme"));
// Somebody who comes back finds the form as it was asked, not as it was changed before leaving.
window.addEventListener("pageshow", ({ persisted }) => persisted && document.querySelectorAll("main form:not(.sparql)").forEach((form) => form.reset()));
const drawn = [
  ["[data-network]", () => import("./network.js").then((module) => module.drawAll())],
  ["[data-map], [data-map-points]", () => import("./map.js").then((module) => module.drawAll())],
].map(([path, draw]) => document.querySelector(path) && draw());
Promise.allSettled(drawn).then(() => {
  if (document.querySelector("figure.chart > svg.plot, figure.chart > .hbar-list, .network > svg, .map > svg")) import("./saving.js").then((module) => module.saving());
});

// An entity picker; returns what it sends: what is chosen from the list as its address, what is typed as it stands.
function pick(input) {
  input.removeAttribute("list");
  let chosen = { text: input.value, iri: input.dataset.iri };
  complete(input, input.dataset.pick, (hit) => {
    input.value = hit.label;
    chosen = { text: hit.label, iri: hit.iri };
  });
  return () => (chosen.iri && input.value === chosen.text ? chosen.iri : input.value);
}

// Write what the pickers of a form send into its data, in the order of its fields: several may have one name. Empty ones send nothing.
function fill(data, form) {
  const entries = [...data];
  const waiting = [...pickers.keys()].filter((input) => input.form === form);
  for (const [name] of entries) data.delete(name);
  for (const [name, value] of entries) {
    const at = waiting.findIndex((input) => input.name === name);
    const sent = at < 0 ? value : pickers.get(waiting.splice(at, 1)[0])();
    if (at < 0 || sent) data.append(name, sent);
  }
}

function themes(button) {
  if (!button) return;
  const order = ["auto", "light", "dark"];
  const root = document.documentElement;
  const name = button.querySelector("[data-theme-name]");
  const show = () => (name.textContent = root.dataset.theme ?? "auto");
  button.hidden = false;
  show();
  button.addEventListener("click", () => {
    const next = order[(order.indexOf(root.dataset.theme ?? "auto") + 1) % order.length];
    if (next === "auto") delete root.dataset.theme;
    else root.dataset.theme = next;
    try {
      if (next === "auto") localStorage.removeItem("entente-theme");
      else localStorage.setItem("entente-theme", next);
    } catch {
      // Kept for this page only.
    }
    show();
  });
}
