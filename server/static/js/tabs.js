// Tabs of queries, kept in this browser.
const KEY = "entente-tabs";
const MOST = 12;

function kept() {
  try {
    const found = JSON.parse(localStorage.getItem(KEY));
    return Array.isArray(found) ? found.filter((tab) => typeof tab?.text === "string" && typeof tab?.name === "string").slice(0, MOST) : [];
  } catch {
    return [];
  }
}

// Tabs in `bar`; `load` puts a text into the editor. A query that came with the address gets a tab of its own.
export function tabs(bar, text, asked, load) {
  let all = kept();
  let current = 0;
  if (asked || !all.length) {
    const same = all.findIndex((tab) => tab.text === text);
    if (same < 0) all = [...all, { name: `Query ${all.length + 1}`, text }].slice(-MOST);
    current = same < 0 ? all.length - 1 : same;
  }

  const keep = () => {
    try {
      localStorage.setItem(KEY, JSON.stringify(all));
    } catch {
      // Nothing is kept where the browser does not allow it.
    }
  };
  const choose = (index) => {
    current = index;
    load(all[index].text);
    draw();
  };
  const button = (label, act, name) => {
    const element = document.createElement("button");
    element.type = "button";
    element.textContent = label;
    if (name) element.setAttribute("aria-label", name);
    element.addEventListener("click", act);
    return element;
  };
  const close = (index) => {
    all.splice(index, 1);
    if (!all.length) all.push({ name: "Query 1", text: "" });
    keep();
    choose(Math.min(current > index ? current - 1 : current, all.length - 1));
  };
  const draw = () => {
    const items = all.map((tab, i) => {
      const item = document.createElement("span");
      item.className = "tab";
      const opener = button(tab.name, () => choose(i));
      if (i === current) opener.setAttribute("aria-current", "true");
      item.append(opener, button("×", () => close(i), `Close ${tab.name}`));
      return item;
    });
    bar.replaceChildren(...items, button("+ New", () => open("", `Query ${all.length + 1}`)));
    bar.hidden = false;
  };
  const open = (fresh, name) => {
    if (all.length >= MOST) all.shift();
    all.push({ name, text: fresh });
    keep();
    choose(all.length - 1);
  };

  choose(current);
  keep();
  return {
    open,
    changed(now) {
      all[current].text = now;
      keep();
    },
  };
}
