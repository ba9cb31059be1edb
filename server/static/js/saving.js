// Buttons that save a chart as SVG or PNG, with its title and a line that says where it comes from.
import { svg } from "./cells.js";

const STYLES = ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-opacity", "stroke-dasharray", "font-family", "font-size", "font-weight", "text-anchor", "opacity", "paint-order", "stroke-linejoin", "vector-effect"];
const MARGIN = 16;
const MOST_LINES = 4;
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
      button.addEventListener("click", () => make(picture.isConnected ? picture : holder.querySelector(CHARTS), holder)); // it may have been drawn anew
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

// Where a chart is from, in lines of so many letters; of an address that would take many (a query's), only the beginning.
function sourceOf(letters) {
  const before = `Source: Entente, build ${document.documentElement.dataset.build}, ${new Date().toISOString().slice(0, 10)}, `;
  const address = addressOf(new URL(location.href));
  const whole = before + (address.length <= MOST_LINES * letters ? address : location.origin + location.pathname);
  const lines = whole.length <= letters ? [whole] : [before.trimEnd(), ...cut(whole.slice(before.length), letters)];
  return lines.map((line) => clipped(line, letters));
}

// The page's address without parameters that are empty.
function addressOf(url) {
  const given = [...url.searchParams].filter(([, value]) => value);
  return `${url.origin}${url.pathname}${given.length ? "?" : ""}${new URLSearchParams(given)}`.replaceAll("%3A", ":").replaceAll("%2F", "/");
}

const cut = (words, letters) => Array.from({ length: Math.ceil(words.length / letters) }, (_, i) => words.slice(i * letters, (i + 1) * letters));

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

// The legend of a chart as a picture: each mark and name where it is on the page.
function drawnLegend(legend) {
  const whole = legend.getBoundingClientRect();
  const place = ({ left, top, width, height }) => ({ x: left - whole.left, y: top - whole.top, width, height });
  const pieces = [...legend.children].flatMap((item) => {
    const [mark, words, range] = [item.querySelector(".swatch, .key"), item.lastChild, document.createRange()];
    range.selectNodeContents(words);
    const { fontFamily, fontSize, color } = getComputedStyle(item);
    const { x, y, width, height } = place(range.getBoundingClientRect());
    const text = { x, y: y + height * 0.75, textLength: width, lengthAdjust: "spacingAndGlyphs", "font-family": fontFamily, "font-size": fontSize, fill: color };
    const drawn = mark?.tagName === "svg" ? styled(mark) : svg("rect", { fill: mark ? getComputedStyle(mark).backgroundColor : "none" });
    for (const [name, value] of Object.entries(place((mark ?? item).getBoundingClientRect()))) drawn.setAttribute(name, value);
    return [drawn, svg("text", text, words.textContent.trim())];
  });
  return svg("svg", { x: MARGIN, y: 36, width: whole.width, height: whole.height }, ...pieces);
}

// The picture with its title, its legend and its source.
function drawing(picture, holder) {
  const { width, height } = picture.getBoundingClientRect();
  const legend = holder.querySelector("figcaption .legend");
  const key = legend ? [drawnLegend(legend)] : [];
  const top = 40 + (legend ? legend.getBoundingClientRect().height : 0);
  const copy = picture.tagName === "svg" ? styled(picture) : drawnList(picture);
  for (const [name, value] of Object.entries({ width, height, x: MARGIN, y: top })) copy.setAttribute(name, value);
  const colours = getComputedStyle(document.body);
  const text = (y, size, words) => svg("text", { x: MARGIN, y, "font-family": "sans-serif", "font-size": size, fill: colours.color }, words);
  const letters = (size) => Math.floor(width / (size * 0.58));
  const source = sourceOf(letters(10));
  const lines = source.map((line, i) => text(top + height + 20 + 13 * i, 10, line));
  const whole = svg("svg", { xmlns: "http://www.w3.org/2000/svg", width: width + 2 * MARGIN, height: top + height + 19 + 13 * lines.length });
  whole.append(svg("rect", { width: "100%", height: "100%", fill: colours.backgroundColor }));
  whole.append(text(24, 15, clipped(titleOf(holder), letters(15))), ...key, copy, ...lines);
  return whole;
}

const written = (picture, holder) => new XMLSerializer().serializeToString(drawing(picture, holder));

function keep(blob, ending) {
  const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(blob), download: `entente-chart.${ending}` });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

const asSvg = (picture, holder) => keep(new Blob([written(picture, holder)], { type: "image/svg+xml" }), "svg");

function asPng(picture, holder) {
  const image = new Image();
  image.addEventListener("load", () => {
    const canvas = Object.assign(document.createElement("canvas"), { width: image.width * 2, height: image.height * 2 });
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    canvas.toBlob((blob) => keep(blob, "png"), "image/png");
  });
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(written(picture, holder))}`;
}
