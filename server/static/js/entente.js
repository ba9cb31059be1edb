// Comfort for pages that work without it: suggestions, a switch for light and dark, copying, drawings.
import { copying } from "./copying.js";
import { complete } from "./suggest.js";

for (const input of document.querySelectorAll("input[data-suggest]")) {
  complete(input, input.dataset.suggest, (hit) => {
    if (hit.page) location.assign(hit.page);
  });
}
for (const input of document.querySelectorAll("input[data-pick]")) pick(input);
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
const drawn = [
  ["[data-network]", () => import("./network.js").then((module) => module.drawAll())],
  ["[data-map], [data-map-points]", () => import("./map.js").then((module) => module.drawAll())],
].map(([path, draw]) => document.querySelector(path) && draw());
Promise.allSettled(drawn).then(() => {
  if (document.querySelector("figure.chart > svg.plot, figure.chart > .hbar-list, .network > svg, .map > svg")) import("./saving.js").then((module) => module.saving());
});

// An entity picker: what is chosen from the list is sent as its address, what is typed as it stands.
function pick(input) {
  input.removeAttribute("list");
  let chosen = { text: input.value, iri: input.dataset.iri };
  complete(input, input.dataset.pick, (hit) => {
    input.value = hit.label;
    chosen = { text: hit.label, iri: hit.iri };
  });
  input.form.addEventListener("formdata", (event) => {
    if (chosen.iri && input.value === chosen.text) event.formData.set(input.name, chosen.iri);
    if (!input.value) event.formData.delete(input.name);
  });
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
