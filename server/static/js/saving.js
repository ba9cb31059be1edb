// Buttons that save a chart as SVG or PNG, with its title and a line that says where it comes from.
import { svg } from "./cells.js";

const STYLES = ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-opacity", "stroke-dasharray", "font-family", "font-size", "font-weight", "text-anchor", "opacity", "paint-order", "stroke-linejoin", "vector-effect"];
const MARGIN = 16;
const CHARTS = "figure.chart > svg.plot, figure.chart > .hbar-list, .network > svg, .map > svg";

export function saving(root = document) {
  for (const picture of root.querySelectorAll(CHARTS)) {
    const holder = picture.closest("figure") ?? picture.parentElement;
    if (holder.dataset.saves || holder.nextElementSibling?.className === "save") continue;
    holder.dataset.saves = "yes";
    const bar = document.createElement("div");
    bar.className = "save";
    for (const [name, make] of [["SVG", asSvg], ["PNG", asPng]]) {
      const button = Object.assign(document.createElement("button"), { type: "button", className: "link", textContent: `Save as ${name}` });
      button.addEventListener("click", () => make(picture.isConnected ? picture : holder.querySelector("svg"), titleOf(holder))); // it may have been drawn anew
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

// In so many letters; of a long address (a query's) only the beginning.
function sourceOf(letters) {
  const before = `Source: Entente, build ${document.documentElement.dataset.build}, ${new Date().toISOString().slice(0, 10)}, `;
  return before.length + location.href.length <= letters ? before + location.href : clipped(before + location.origin + location.pathname, letters);
}

const clipped = (words, letters) => (words.length > letters ? `${words.slice(0, Math.max(1, letters - 1))}…` : words);

// A picture with its styles written into it, so that it looks the same without the page's style sheets, and its words as wide as they are there.
function styled(picture) {
  const copy = picture.cloneNode(true);
  const [from, to] = [picture, copy].map((tree) => [tree, ...tree.querySelectorAll("*")]);
  from.forEach((element, i) => {
    const computed = getComputedStyle(element);
    for (const name of STYLES) to[i].setAttribute(name, computed.getPropertyValue(name));
    if (element.tagName === "text" && element.textContent) {
      to[i].setAttribute("textLength", element.getComputedTextLength());
      to[i].setAttribute("lengthAdjust", "spacingAndGlyphs");
    }
    if (i && element.tagName === "svg") to[i].setAttribute("overflow", computed.overflow);
    to[i].removeAttribute("class");
  });
  for (const link of copy.querySelectorAll("a")) link.replaceWith(...link.childNodes);
  return copy;
}

// Bars that stand in a list of HTML, as a picture: each piece where it is on the page.
function drawnList(list) {
  const whole = list.getBoundingClientRect();
  const pieces = [];
  for (const piece of list.querySelectorAll(".bar-name, .bar-value, rect")) {
    const { left, right, top, height, width } = piece.getBoundingClientRect();
    const computed = getComputedStyle(piece);
    if (piece.tagName === "rect") {
      pieces.push(svg("rect", { x: left - whole.left, y: top - whole.top, width, height, fill: computed.fill }));
      continue;
    }
    const atEnd = computed.textAlign === "right" || computed.textAlign === "end";
    const cut = piece.clientWidth > 0 && piece.scrollWidth > piece.clientWidth;
    const letters = cut ? Math.floor((piece.textContent.trim().length * piece.clientWidth) / piece.scrollWidth) : Infinity;
    const range = document.createRange();
    range.selectNodeContents(piece);
    const long = cut ? piece.clientWidth : range.getBoundingClientRect().width;
    const place = { x: (atEnd ? right : left) - whole.left, y: top - whole.top + height * 0.75, "text-anchor": atEnd ? "end" : "start" };
    Object.assign(place, { textLength: long, lengthAdjust: "spacingAndGlyphs" });
    pieces.push(svg("text", { ...place, "font-family": computed.fontFamily, "font-size": computed.fontSize, fill: computed.color }, clipped(piece.textContent.trim(), letters)));
  }
  return svg("svg", {}, ...pieces);
}

// The picture with its title and source.
export function drawing(picture, title) {
  const { width, height } = picture.getBoundingClientRect();
  const copy = picture.tagName === "svg" ? styled(picture) : drawnList(picture);
  for (const [name, value] of Object.entries({ width, height, x: MARGIN, y: 40 })) copy.setAttribute(name, value);
  const colours = getComputedStyle(document.body);
  const text = (y, size, words) => svg("text", { x: MARGIN, y, "font-family": "sans-serif", "font-size": size, fill: colours.color }, words);
  const whole = svg("svg", { xmlns: "http://www.w3.org/2000/svg", width: width + 2 * MARGIN, height: height + 72 });
  const letters = (size) => Math.floor(width / (size * 0.58));
  whole.append(svg("rect", { width: "100%", height: "100%", fill: colours.backgroundColor }));
  whole.append(text(24, 15, clipped(title, letters(15))), copy, text(height + 60, 10, sourceOf(letters(10))));
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
