// Networks of who takes part with whom, drawn from a table of links.
import { forceCenter, forceCollide, forceLink, forceManyBody, forceSimulation, forceX, forceY, select, zoom, zoomIdentity } from "../vendor/d3.js";
import { controls, label, rowsOf, svg } from "./cells.js";

const MOST = 250;
const STEPS = 320;
const REST = 200; // milliseconds
const [SIDE, EDGE, MOST_SPREAD] = [110, 36, 2];

export function drawAll() {
  for (const box of document.querySelectorAll("[data-network]")) {
    draw(box);
    redraw(box);
  }
}

// A picture for a wide window is unreadable in a narrow one: draw it again when a turned telephone or a resized window comes to rest.
function redraw(box) {
  let width = box.clientWidth;
  let waiting = 0;
  new ResizeObserver(() => {
    if (Math.abs(box.clientWidth - width) < width / 10) return;
    width = box.clientWidth;
    clearTimeout(waiting);
    waiting = setTimeout(() => draw(box), REST);
  }).observe(box);
}

export function draw(box) {
  const table = document.getElementById(box.dataset.network);
  if (!table) return;
  const { nodes, links } = graphOf(table, box.dataset);
  if (!links.length) return;
  box.hidden = false;
  const width = box.clientWidth;
  const height = box.clientHeight;
  settle(nodes, links, width, height);
  spread(nodes, width, height);
  const most = Math.max(...links.map((link) => link.weight));
  const scene = svg("g");
  for (const link of links) {
    link.line = svg("line", { x1: link.source.x, y1: link.source.y, x2: link.target.x, y2: link.target.y, "stroke-width": 0.8 + (4 * link.weight) / most });
    link.line.append(svg("title", {}, `${link.source.name} and ${link.target.name}: ${link.weight}`));
    scene.append(link.line);
  }
  for (const node of nodes) scene.append(nodeOf(node, links, scene));
  const marks = [...nodes].sort((a, b) => b.degree - a.degree).map((node) => ({ ...node, radius: radius(node) }));
  label(marks, width, height, height > 400 ? 60 : 18);
  const picture = svg("svg", { width: "100%", height: "100%", viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true" }, scene);
  box.replaceChildren(picture);
  const closer = zoom()
    .scaleExtent([0.4, 6])
    .filter((event) => !event.button && (event.type !== "wheel" || event.ctrlKey))
    .on("zoom", (event) => scene.setAttribute("transform", event.transform));
  const chosen = select(picture).call(closer);
  controls(box, [
    ["+", "Closer", () => closer.scaleBy(chosen, 1.4)],
    ["−", "Wider", () => closer.scaleBy(chosen, 1 / 1.4)],
    ["○", "Show all", () => closer.transform(chosen, zoomIdentity)],
  ]);
}

function graphOf(table, names) {
  const nodes = new Map();
  const node = (cell) => {
    if (!nodes.has(cell.text)) nodes.set(cell.text, { name: cell.text, href: cell.href, degree: 0 });
    return nodes.get(cell.text);
  };
  const links = [];
  for (const row of rowsOf(table).slice(0, MOST)) {
    const source = node(row[names.source ?? 0]);
    const target = node(row[names.target ?? 1]);
    const weight = Number(row[names.weight ?? 2]?.value) || 1;
    source.degree += weight;
    target.degree += weight;
    links.push({ source, target, weight });
  }
  return { nodes: [...nodes.values()], links };
}

function settle(nodes, links, width, height) {
  const simulation = forceSimulation(nodes)
    .force("link", forceLink(links).distance(width > 500 ? 80 : 46).strength((link) => Math.min(1, 0.15 + link.weight / 20)))
    .force("charge", forceManyBody().strength(width > 500 ? -190 : -90))
    .force("center", forceCenter(width / 2, height / 2))
    .force("x", forceX(width / 2).strength(0.06))
    .force("y", forceY(height / 2).strength((0.06 * width) / height))
    .force("apart", forceCollide((node) => radius(node) + 5).iterations(3))
    .stop();
  // kept inside at every step, so that those at the edge are moved apart too
  for (let step = 0; step < STEPS; step += 1) {
    simulation.tick();
    for (const node of nodes) {
      const edge = radius(node) + 4;
      node.x = Math.max(edge, Math.min(width - edge, node.x));
      node.y = Math.max(edge, Math.min(height - edge, node.y));
    }
  }
}

// Let a small network fill the picture, with room for names at its sides.
function spread(nodes, width, height) {
  const [left, right, top, bottom] = ["x", "y"].flatMap((name) => [Math.min(...nodes.map((node) => node[name])), Math.max(...nodes.map((node) => node[name]))]);
  const scale = Math.min((width - 2 * SIDE) / (right - left || 1), (height - 2 * EDGE) / (bottom - top || 1), MOST_SPREAD);
  if (scale <= 1) return;
  for (const node of nodes) {
    node.x = width / 2 + (node.x - (left + right) / 2) * scale;
    node.y = height / 2 + (node.y - (top + bottom) / 2) * scale;
  }
}

const radius = (node) => 3.5 + Math.sqrt(node.degree) * 1.1;

function nodeOf(node, links, scene) {
  const group = svg("g", {}, svg("circle", { cx: node.x, cy: node.y, r: radius(node) }, svg("title", {}, node.name)));
  group.addEventListener("pointerenter", () => highlight(node, links, scene));
  group.addEventListener("pointerleave", () => scene.querySelectorAll(".dim").forEach((element) => element.classList.remove("dim")));
  if (node.href) group.addEventListener("click", () => location.assign(node.href));
  node.group = group;
  return group;
}

function highlight(node, links, scene) {
  const near = new Set([node.group]);
  for (const link of links) {
    if (link.source === node || link.target === node) near.add(link.line).add(link.source.group).add(link.target.group);
  }
  for (const element of scene.children) element.classList.toggle("dim", !near.has(element));
}
