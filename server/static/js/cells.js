// The rows of a table on the page, so that a drawing shows what its table holds and nothing else.

// Rows as objects: column name to { text, value, href }.
export function rowsOf(table) {
  const names = [...table.tHead.rows[0].cells].map((cell, i) => cell.dataset.name ?? `${i}`);
  return [...table.tBodies[0].rows].map((row) =>
    Object.fromEntries(
      [...row.cells].map((cell, i) => {
        const link = cell.querySelector("a[href]");
        const text = cell.textContent.trim();
        return [names[i], { text, value: cell.dataset.value ?? text, href: link?.href }];
      }),
    ),
  );
}

// An SVG element with attributes.
export function svg(name, attributes = {}, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

// Buttons to look closer, wider, and at everything.
export function controls(box, actions) {
  const bar = document.createElement("div");
  bar.className = "controls";
  for (const [name, label, act] of actions) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = name;
    button.setAttribute("aria-label", label);
    button.addEventListener("click", act);
    bar.append(button);
  }
  box.append(bar);
}
