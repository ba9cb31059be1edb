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

// Names beside marks where they fit: { x, y, radius, name, group } in the order of their weight. A name that would lie on another, on a
// mark, or outside of the picture is tried on the other sides, and left out where no side has room (its mark has it as a title).
export function label(marks, width, height, most) {
  const taken = marks.map(({ x, y, radius }) => ({ left: x - radius, right: x + radius, top: y - radius, bottom: y + radius }));
  let placed = 0;
  for (const { x, y, radius, name, group, dx = x, dy = y } of marks) {
    if (placed >= most) return;
    const size = name.length * 6.6;
    const sides = [
      [radius + 3, 4, "start"],
      [-radius - 3, 4, "end"],
      [0, -radius - 4, "middle"],
      [0, radius + 13, "middle"],
    ];
    for (const [right, down, anchor] of sides) {
      const left = x + right - (anchor === "end" ? size : anchor === "middle" ? size / 2 : 0);
      const box = { left, right: left + size, top: y + down - 11, bottom: y + down + 3 };
      if (box.left < 2 || box.right > width - 2 || box.top < 2 || box.bottom > height - 2) continue;
      if (taken.some((other) => box.left < other.right && other.left < box.right && box.top < other.bottom && other.top < box.bottom)) continue;
      taken.push(box);
      group.append(svg("text", { x: right + dx, y: down + dy, "text-anchor": anchor }, name));
      placed += 1;
      break;
    }
  }
}
