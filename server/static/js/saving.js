// Buttons that save a chart as SVG or PNG, with its title and a line that says where it comes from.
import { svg } from "./cells.js";

const STYLES = ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-opacity", "stroke-dasharray", "font-family", "font-size", "font-weight", "text-anchor", "opacity", "paint-order"];
const MARGIN = 16;

export function saving(root = document) {
  for (const picture of root.querySelectorAll("figure.chart > svg.plot, .network > svg, .map > svg")) {
    const holder = picture.closest("figure") ?? picture.parentElement;
    if (holder.dataset.saves || holder.nextElementSibling?.className === "save") continue;
    holder.dataset.saves = "yes";
    const bar = document.createElement("div");
    bar.className = "save";
    for (const [name, make] of [["SVG", asSvg], ["PNG", asPng]]) {
      const button = Object.assign(document.createElement("button"), { type: "button", className: "link", textContent: `Save as ${name}` });
      button.addEventListener("click", () => make(picture, titleOf(holder)));
      bar.append(button);
    }
    if (holder.tagName === "FIGURE") holder.append(bar);
    else holder.after(bar);
  }
}

const titleOf = (holder) => {
  const page = document.querySelector("h1")?.textContent.trim() ?? document.title;
  const caption = [...(holder.querySelector("figcaption")?.childNodes ?? [])].find((node) => node.nodeType === Node.TEXT_NODE && node.textContent.trim());
  return caption ? `${page}: ${caption.textContent.trim()}` : page;
};

const sourceOf = () => `Source: Entente, build ${document.documentElement.dataset.build}, ${location.href}, ${new Date().toISOString().slice(0, 10)}`;

// The picture with its styles written into it, so that it looks the same without the page's style sheets.
export function drawing(picture, title) {
  const { width, height } = picture.getBoundingClientRect();
  const copy = picture.cloneNode(true);
  const [from, to] = [picture, copy].map((tree) => [tree, ...tree.querySelectorAll("*")]);
  from.forEach((element, i) => {
    const computed = getComputedStyle(element);
    for (const name of STYLES) to[i].setAttribute(name, computed.getPropertyValue(name));
    to[i].removeAttribute("class");
  });
  for (const link of copy.querySelectorAll("a")) link.replaceWith(...link.childNodes);
  copy.setAttribute("width", width);
  copy.setAttribute("height", height);
  copy.setAttribute("x", MARGIN);
  copy.setAttribute("y", 40);
  const colours = getComputedStyle(document.body);
  const text = (y, size, words) => svg("text", { x: MARGIN, y, "font-family": "sans-serif", "font-size": size, fill: colours.color }, words);
  const whole = svg("svg", { xmlns: "http://www.w3.org/2000/svg", width: width + 2 * MARGIN, height: height + 72 });
  whole.append(svg("rect", { width: "100%", height: "100%", fill: colours.backgroundColor }), text(24, 15, title), copy, text(height + 60, 10, sourceOf()));
  return whole;
}

const written = (picture, title) => new XMLSerializer().serializeToString(drawing(picture, title));

function keep(blob, ending) {
  const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(blob), download: `entente-chart.${ending}` });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

const asSvg = (picture, title) => keep(new Blob([written(picture, title)], { type: "image/svg+xml" }), "svg");

function asPng(picture, title) {
  const image = new Image();
  image.addEventListener("load", () => {
    const canvas = Object.assign(document.createElement("canvas"), { width: image.width * 2, height: image.height * 2 });
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    canvas.toBlob((blob) => keep(blob, "png"), "image/png");
  });
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(written(picture, title))}`;
}
