// A combobox after the ARIA Authoring Practices (list autocomplete with manual selection).
const WAIT = 90;
let count = 0;

// Suggestions under `input` from the JSON at `address`; `choose` gets the hit that the reader takes.
export function complete(input, address, choose) {
  const list = document.createElement("ul");
  list.id = `options-${(count += 1)}`;
  list.className = "options";
  list.role = "listbox";
  list.hidden = true;
  list.setAttribute("aria-label", "Suggestions");
  input.after(list);
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-expanded", "false");
  input.setAttribute("aria-controls", list.id);

  let hits = [];
  let at = -1;
  let timer = 0;
  let asked = null;

  const close = () => {
    list.hidden = true;
    at = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const take = (index) => {
    const hit = hits[index];
    close();
    if (hit) choose(hit);
  };
  const mark = (index) => {
    at = (index + hits.length) % hits.length;
    list.childNodes.forEach((option, i) => option.setAttribute("aria-selected", String(i === at)));
    input.setAttribute("aria-activedescendant", list.childNodes[at].id);
    list.childNodes[at].scrollIntoView({ block: "nearest" });
  };
  const show = (found) => {
    hits = found;
    at = -1;
    list.replaceChildren(...found.map((hit, i) => option(hit, i)));
    list.hidden = found.length === 0;
    input.setAttribute("aria-expanded", String(found.length > 0));
    input.removeAttribute("aria-activedescendant");
  };
  const option = (hit, i) => {
    const item = document.createElement("li");
    item.id = `${list.id}-${i}`;
    item.role = "option";
    item.setAttribute("aria-selected", "false");
    const name = document.createElement("span");
    name.textContent = hit.name === hit.label ? hit.label : `${hit.name} (${hit.label})`;
    const kind = document.createElement("small");
    kind.textContent = hit.class.toLowerCase();
    item.append(name, kind);
    item.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      take(i);
    });
    return item;
  };
  const ask = async () => {
    asked?.abort();
    const text = input.value.trim();
    if (!text) return close();
    asked = new AbortController();
    try {
      const url = new URL(address, location.href);
      url.searchParams.set("q", text);
      const response = await fetch(url, { signal: asked.signal });
      if (response.ok) {
        const found = await response.json();
        show(found.did_you_mean || found.things);
      }
    } catch (error) {
      if (error.name !== "AbortError") close();
    }
  };

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT);
  });
  input.addEventListener("blur", () => {
    clearTimeout(timer);
    asked?.abort();
    close();
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) ask();
      else mark(at + (event.key === "ArrowDown" ? 1 : at < 0 ? 0 : -1));
    } else if (event.key === "Enter" && at >= 0 && !list.hidden) {
      event.preventDefault();
      take(at);
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      close();
    }
  });
}
