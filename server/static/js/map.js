// Maps of places, drawn from a table with latitudes and longitudes over Natural Earth's countries; no tiles, no other host.
import { feature, geoMercator, geoPath, select, zoom, zoomIdentity } from "../vendor/d3.js";
import { controls, rowsOf, svg } from "./cells.js";

export async function drawAll() {
  for (const box of document.querySelectorAll("[data-map], [data-map-points]")) await draw(box);
}

function pointsOf(box) {
  if (box.dataset.mapPoints) return JSON.parse(box.dataset.mapPoints).map(([lat, long, name]) => ({ lat, long, name, size: 1 }));
  const table = document.getElementById(box.dataset.map);
  if (!table) return [];
  const { label, size } = box.dataset;
  return rowsOf(table)
    .filter((row) => row.lat?.value && row.long?.value)
    .map((row) => ({ lat: +row.lat.value, long: +row.long.value, name: row[label].text, href: row[label].href, size: +(row[size]?.value ?? 1) }));
}

async function draw(box) {
  const points = pointsOf(box).sort((a, b) => b.size - a.size);
  if (!points.length) return;
  const response = await fetch(box.dataset.world);
  if (!response.ok) return;
  const world = await response.json();
  box.hidden = false;
  const width = box.clientWidth;
  const height = box.clientHeight;
  const projection = projectionFor(points, width, height);
  const countries = feature(world, world.objects.countries);
  const land = svg("g", {}, ...countries.features.map((country) => svg("path", { d: geoPath(projection)(country) ?? "" })));
  const marks = svg("g");
  const scene = svg("g", {}, land, marks);
  const most = Math.max(...points.map((point) => point.size), 1);
  for (const point of points) marks.append(markOf(point, projection, most, points.length < 40 || points.indexOf(point) < 16));
  const picture = svg("svg", { width: "100%", height: "100%", viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true" }, scene);
  box.replaceChildren(picture);
  const closer = zoom()
    .scaleExtent([0.25, 40])
    .filter((event) => !event.button && (event.type !== "wheel" || event.ctrlKey))
    .on("zoom", ({ transform }) => {
      scene.setAttribute("transform", transform);
      for (const mark of marks.children) mark.setAttribute("transform", `translate(${mark.dataset.x} ${mark.dataset.y}) scale(${1 / transform.k})`);
    });
  const chosen = select(picture).call(closer);
  controls(box, [
    ["+", "Closer", () => closer.scaleBy(chosen, 1.6)],
    ["−", "Wider", () => closer.scaleBy(chosen, 1 / 1.6)],
    ["○", "Show all", () => closer.transform(chosen, zoomIdentity)],
  ]);
}

// Mercator around the points, with a margin; a single place is shown in its region.
function projectionFor(points, width, height) {
  const longs = points.map((point) => point.long);
  const lats = points.map((point) => Math.max(-80, Math.min(80, point.lat)));
  const margin = points.length === 1 ? 7 : 1.5;
  const corners = {
    type: "MultiPoint",
    coordinates: [
      [Math.max(-180, Math.min(...longs) - margin), Math.max(-82, Math.min(...lats) - margin)],
      [Math.min(180, Math.max(...longs) + margin), Math.min(82, Math.max(...lats) + margin)],
    ],
  };
  return geoMercator().fitExtent([[12, 12], [width - 12, height - 12]], corners);
}

function markOf(point, projection, most, named) {
  const [x, y] = projection([point.long, point.lat]);
  const radius = 3.5 + 9 * Math.sqrt(point.size / most);
  const title = point.size > 1 || most > 1 ? `${point.name}: ${point.size}` : point.name;
  const mark = svg("g", { transform: `translate(${x} ${y})` }, svg("circle", { r: radius }, svg("title", {}, title)));
  mark.dataset.x = x;
  mark.dataset.y = y;
  if (named) mark.append(svg("text", { x: radius + 3, y: 4 }, point.name));
  if (point.href) mark.addEventListener("click", () => location.assign(point.href));
  return mark;
}
