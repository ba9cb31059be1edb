// Maps of places, drawn from a table with latitudes and longitudes over Natural Earth's countries; no tiles, no other host.
import { feature, geoMercator, geoPath, select, zoom, zoomIdentity } from "../vendor/d3.js";
import { controls, label, rowsOf, svg } from "./cells.js";

export async function drawAll() {
  for (const box of document.querySelectorAll("[data-map], [data-map-points]")) await draw(box);
}

function pointsOf(box) {
  if (box.dataset.mapPoints) return JSON.parse(box.dataset.mapPoints).map(([lat, long, name]) => ({ lat, long, name, size: 1 }));
  const table = document.getElementById(box.dataset.map);
  if (!table) return [];
  const { label: names, size, year } = box.dataset;
  return rowsOf(table)
    .filter((row) => row.lat?.value && row.long?.value)
    .map((row) => ({
      lat: +row.lat.value,
      long: +row.long.value,
      name: row[names].text,
      href: row[names].href,
      size: +(row[size]?.value ?? 1),
      year: year && row[year]?.value ? +row[year].value : null,
    }));
}

// Rows of one place as one point: those of the years from first to last.
function placesOf(points, first, last) {
  const places = new Map();
  for (const point of points) {
    if (point.year !== null && point.year !== undefined && (point.year < first || point.year > last)) continue;
    const key = `${point.lat} ${point.long} ${point.name}`;
    const known = places.get(key);
    if (known) known.size += point.size;
    else places.set(key, { ...point });
  }
  return [...places.values()].sort((a, b) => b.size - a.size);
}

export async function draw(box) {
  const rows = pointsOf(box);
  const points = placesOf(rows, -Infinity, Infinity);
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
  const mark = (shown) => {
    const found = shown.map((point) => markOf(point, projection, most));
    marks.replaceChildren(...found.map(({ group }) => group));
    label(found, width, height, 24);
  };
  mark(points);
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
  slider(box, rows, (first, last) => mark(placesOf(rows, first, last)));
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

function markOf(point, projection, most) {
  const [x, y] = projection([point.long, point.lat]);
  const radius = 3.5 + 9 * Math.sqrt(point.size / most);
  const title = point.size > 1 || most > 1 ? `${point.name}: ${point.size}` : point.name;
  const group = svg("g", { transform: `translate(${x} ${y})` }, svg("circle", { r: radius }, svg("title", {}, title)));
  group.dataset.x = x;
  group.dataset.y = y;
  if (point.href) group.addEventListener("click", () => location.assign(point.href));
  return { x, y, dx: 0, dy: 0, radius, name: point.name, group };
}

// Two sliders above the map, where its rows have years: what happened from the one year to the other.
function slider(box, rows, show) {
  const years = [...new Set(rows.map((row) => row.year).filter((year) => year !== null && year !== undefined))].sort((a, b) => a - b);
  if (years.length < 2 || box.previousElementSibling?.className === "slider") return;
  const bar = document.createElement("div");
  bar.className = "slider";
  const ends = ["From", "to"].map((name, i) => {
    const label = document.createElement("label");
    const input = Object.assign(document.createElement("input"), { type: "range", min: years[0], max: years.at(-1), step: 1 });
    input.value = i ? years.at(-1) : years[0];
    input.setAttribute("aria-label", `${name} year`);
    const year = document.createElement("output");
    label.append(Object.assign(document.createElement("span"), { textContent: name }), input, year);
    return { label, input, year };
  });
  const change = () => {
    const shown = ends.map(({ input }) => +input.value);
    ends.forEach(({ input, year }) => {
      year.textContent = input.value;
      input.setAttribute("aria-valuetext", input.value);
    });
    show(Math.min(...shown), Math.max(...shown));
  };
  for (const { input } of ends) input.addEventListener("input", change);
  bar.append(...ends.map(({ label }) => label));
  box.before(bar);
  change();
}
