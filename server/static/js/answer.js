// Asking the endpoint, and showing what it says: a table with links to the pages, a chart of the first numbers, or the raw text.
import { svg } from "./cells.js";
import { draw as drawMap } from "./map.js";
import { draw as drawNetwork } from "./network.js";
import { saving } from "./saving.js";

const RESOURCE = "https://w3id.org/entente/resource/";
const CATEGORY = "https://w3id.org/entente/category/";
const ONTOLOGY = "https://w3id.org/entente/ontology#";
const SHOWN = 1000;
const ACCEPT = "application/sparql-results+json, text/turtle;q=0.9, application/problem+json;q=0.8";
const DOWNLOADS = { solutions: ["csv", "tsv", "json", "xml"], graph: ["turtle", "ntriples", "jsonld", "rdfxml"] };

// The endpoint's answer: solutions, a truth value, a graph as Turtle, or a problem.
export async function answerOf(endpoint, query, signal) {
  const begun = performance.now();
  const response = await fetch(endpoint, { method: "POST", headers: { Accept: ACCEPT, "Content-Type": "application/sparql-query" }, body: query, signal });
  const text = await response.text();
  const kind = response.headers.get("Content-Type") ?? "";
  const time = performance.now() - begun;
  if (!response.ok) return { problem: problemOf(text, kind, response) };
  if (!kind.includes("json")) return { graph: text, text, time };
  const found = JSON.parse(text);
  return "boolean" in found ? { boolean: found.boolean, text, time } : { variables: found.head.vars, rows: found.results.bindings, text, time };
}

function problemOf(text, kind, response) {
  try {
    if (kind.includes("json")) return JSON.parse(text);
  } catch {
    // Said as it stands below.
  }
  return { title: response.statusText || `Status ${response.status}`, detail: text.slice(0, 2000) };
}

const element = (name, properties = {}, ...children) => {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
};

// Put an answer on the page.
export function show(answer, query, addresses) {
  const section = document.querySelector("section.answer");
  const [head, views, downloads, body] = ["h2", ".views", ".downloads", ".answer-body"].map((path) => section.querySelector(path));
  section.hidden = false;
  views.replaceChildren();
  downloads.replaceChildren();
  if (answer.problem) {
    head.textContent = answer.problem.title ?? "Problem";
    const { detail = "", hint = "" } = answer.problem;
    body.replaceChildren(element("pre", { className: "problem-text", textContent: detail }), ...(hint ? [element("p", { textContent: hint })] : []));
    return;
  }
  head.textContent = headOf(answer);
  offer(downloads, answer, query, addresses.endpoint);
  const found = viewsOf(answer, addresses);
  const choose = (name) => {
    for (const button of views.children) button.setAttribute("aria-pressed", String(button.textContent === name));
    const view = found.get(name)();
    body.replaceChildren(view.shown ?? view);
    Promise.resolve(view.draw?.()).then(() => saving(body));
  };
  for (const name of found.keys()) {
    const button = element("button", { type: "button", textContent: name });
    button.addEventListener("click", () => choose(name));
    views.append(button);
  }
  choose(found.keys().next().value);
}

function headOf(answer) {
  const time = `in ${Math.round(answer.time)} ms`;
  if ("boolean" in answer) return `${answer.boolean ? "Yes" : "No"}, ${time}`;
  if ("graph" in answer) return `A graph, ${time}`;
  return `${answer.rows.length} ${answer.rows.length === 1 ? "row" : "rows"}, ${time}`;
}

function offer(place, answer, query, endpoint) {
  for (const format of DOWNLOADS["graph" in answer ? "graph" : "solutions"]) {
    const url = new URL(endpoint, location.href);
    url.searchParams.set("query", query);
    url.searchParams.set("format", format);
    const name = format.toUpperCase();
    place.append(url.href.length < 8000 ? element("a", { href: url.href, textContent: name, download: `answer.${format}` }) : byForm(endpoint, query, format, name), " ");
  }
}

// A query that is too long for an address goes in a form's body.
function byForm(endpoint, query, format, name) {
  const field = (key, value) => element("input", { type: "hidden", name: key, value });
  const button = element("button", { type: "submit", className: "link", textContent: name });
  return element("form", { method: "post", action: endpoint, className: "inline" }, field("query", query), field("format", format), button);
}

function viewsOf(answer, addresses) {
  const raw = () => element("pre", { tabIndex: 0, ariaLabel: "Raw answer", textContent: answer.text.slice(0, 200_000) });
  const views = new Map();
  if ("rows" in answer) views.set("Table", () => tableOf(answer, addresses));
  if ("rows" in answer && answer.rows.length) {
    if (numeric(answer)) views.set("Chart", () => chartOf(answer, addresses));
    if (dateOf(answer)) views.set("Timeline", () => timelineOf(answer));
    if (yearOf(answer)) views.set("Line", () => lineOf(answer));
    if (pairOf(answer)) views.set("Network", () => networkOf(answer, addresses));
    if (["lat", "long"].every((name) => answer.variables.includes(name))) views.set("Map", () => mapOf(answer, addresses));
  }
  return views.set("Raw", raw);
}

function tableOf({ variables, rows }, addresses) {
  const head = element("tr", {}, ...variables.map((name) => named(element("th", { scope: "col", textContent: name }), name)));
  const body = rows.slice(0, SHOWN).map((row) => element("tr", {}, ...variables.map((name) => cellOf(row[name], addresses))));
  const table = element("table", { className: "data" }, element("thead", {}, head), element("tbody", {}, ...body));
  const scroll = element("div", { className: "scroll", tabIndex: 0, role: "region", ariaLabel: "Answer as a table" }, table);
  const rest = rows.length > SHOWN ? [element("p", { className: "quiet", textContent: `The first ${SHOWN} rows; a download has all.` })] : [];
  return element("div", {}, scroll, ...rest);
}

function named(cell, name) {
  cell.dataset.name = name;
  return cell;
}

function cellOf(term, addresses) {
  if (!term) return element("td");
  if (term.type !== "uri") {
    const numeric = /#(integer|decimal|double|float|int|long)$/.test(term.datatype ?? "");
    return element("td", { textContent: term.value, className: numeric ? "number" : "" });
  }
  const page = pageOf(term.value, addresses);
  const href = page ?? (/^(https?|ftp):\/\//i.test(term.value) ? term.value : null);
  const text = page ? decode(term.value.replace(RESOURCE, "").replace(CATEGORY, "").replace(ONTOLOGY, "ent:")) : term.value;
  return element("td", {}, href ? element("a", { href, textContent: text, className: page ? "" : "address", rel: page ? "" : "noopener nofollow" }) : text);
}

function decode(text) {
  try {
    return decodeURIComponent(text).replaceAll("_", " ");
  } catch {
    return text;
  }
}

// The page of a thing on this server; its address as it stands is one part of the page's, so a % is encoded once more.
function pageOf(iri, { resource, category, vocabulary }) {
  const key = (base) => iri.slice(base.length).split("/").map(encodeURIComponent).join("/");
  if (iri.startsWith(RESOURCE)) return resource.replace("KEY", () => key(RESOURCE));
  if (iri.startsWith(ONTOLOGY)) return `${vocabulary}#${iri.slice(ONTOLOGY.length)}`;
  return iri.startsWith(CATEGORY) ? category.replace("KEY", () => key(CATEGORY)) : null;
}

const isNumber = (term) => term && term.type === "literal" && term.value.trim() !== "" && Number.isFinite(Number(term.value));

// The column to measure: the last that holds numbers only; the first other one names the bars.
function numeric({ variables, rows }) {
  const measure = variables.findLast((name) => rows.every((row) => !row[name] || isNumber(row[name])) && rows.some((row) => row[name]));
  return measure && variables.length > 1 ? measure : null;
}

function chartOf(answer, addresses) {
  const measure = numeric(answer);
  const labels = answer.variables.filter((name) => name !== measure);
  const label = labels.find((name) => /label|name/i.test(name)) ?? labels[0];
  const rows = answer.rows.slice(0, 40);
  const most = Math.max(...rows.map((row) => Number(row[measure]?.value ?? 0)), 0) || 1;
  const bars = rows.map((row) => {
    const name = cellOf(row[label], addresses).childNodes;
    const value = Number(row[measure]?.value ?? 0);
    const bar = svg("svg", { width: "100%", height: 14 }, svg("rect", { class: "plain", width: `${(Math.max(value, 0) * 100) / most}%`, height: 14 }));
    return element("div", {}, element("span", { className: "bar-name" }, ...name), bar, element("span", { className: "bar-value", textContent: `${value}` }));
  });
  return element("figure", { className: "chart hbars" }, element("figcaption", { textContent: `?${measure} of the first ${rows.length} rows, by ?${label}` }), element("div", { className: "hbar-list" }, ...bars));
}

const labelFor = ({ variables }, name) => (variables.includes(`${name}Label`) ? `${name}Label` : name);
const year = (term) => (/^-?\d{4}/.test(term?.value ?? "") ? Number.parseInt(term.value, 10) : null);
const isDate = (term) => /#(date|dateTime|gYear|gYearMonth)$/.test(term?.datatype ?? "");
const dateOf = ({ variables, rows }) => variables.find((name) => rows.some((row) => isDate(row[name])));
const yearOf = (answer) => {
  const name = answer.variables.find((each) => /year$/i.test(each) && answer.rows.some((row) => year(row[each]) !== null));
  return name && numeric({ ...answer, variables: answer.variables.filter((each) => each !== name).concat(["", ""]) }) ? name : null;
};

// The columns of two things in one row, and the number that weighs their link, if there is one.
function pairOf(answer) {
  const things = answer.variables.filter((name) => answer.rows.every((row) => !row[name] || row[name].type === "uri") && answer.rows.some((row) => row[name]));
  const weight = numeric(answer);
  if (things.length > 1) return { source: things[0], target: things[1], weight: weight ?? "" };
  const words = answer.variables.filter((name) => answer.rows.every((row) => row[name]?.type === "literal" && !isNumber(row[name]) && year(row[name]) === null));
  return weight && words.length === 2 ? { source: words[0], target: words[1], weight } : null;
}

const axis = (first, last, width, y) => {
  const step = [1, 2, 5, 10, 20, 50, 100, 200].find((each) => (last - first) / each <= 6) ?? 500;
  const years = [];
  for (let at = Math.ceil(first / step) * step; at <= last; at += step) years.push(at);
  return years.map((at) => {
    const x = ((at - first + 0.5) * 100) / width;
    return svg("text", { class: "tick", x: `${x}%`, y, "text-anchor": x < 4 ? "start" : x > 96 ? "end" : "middle" }, `${at}`);
  });
};

// Events by their date: a column of dots for each year, the undated in a lane below.
function timelineOf(answer) {
  const date = dateOf(answer);
  const name = answer.variables.find((each) => /label$/i.test(each)) ?? answer.variables.find((each) => each !== date) ?? date;
  const rows = answer.rows.slice(0, SHOWN);
  const years = rows.map((row) => year(row[date])).filter((each) => each !== null);
  const [first, last] = [Math.min(...years), Math.max(...years)];
  const width = last - first + 1;
  const places = Math.min(width, 40);
  const heaps = new Map();
  for (const row of rows) {
    const at = year(row[date]);
    const place = at === null ? "undated" : Math.floor(((at - first) * places) / width);
    heaps.set(place, [...(heaps.get(place) ?? []), row]);
  }
  const dated = [...heaps].filter(([place]) => place !== "undated");
  const highest = Math.max(...dated.map(([, heap]) => heap.length));
  const step = Math.min(9.5, 190 / highest);
  const height = 18 + highest * step;
  const title = (row) => svg("title", {}, `${row[date]?.value ?? "undated"}: ${row[name]?.value ?? ""}`);
  const marks = dated.flatMap(([place, heap]) =>
    step < 9.5
      ? [svg("rect", { class: "plain", x: `${((place + 0.1) * 100) / places}%`, width: `${80 / places}%`, y: height - heap.length * step, height: heap.length * step }, svg("title", {}, `${heap.length}`))]
      : heap.map((row, i) => svg("circle", { class: "plain", cx: `${((place + 0.5) * 100) / places}%`, cy: height - 5 - i * step, r: 4 }, title(row))),
  );
  const undated = (heaps.get("undated") ?? []).slice(0, 240);
  const lane = undated.map((row, i) => svg("circle", { class: "plain", cx: `${(((i % 40) + 0.5) * 100) / 40}%`, cy: height + 46 + Math.floor(i / 40) * 9.5, r: 4 }, title(row)));
  const rest = undated.length ? [svg("text", { class: "tick", x: 0, y: height + 36 }, "undated"), ...lane] : [];
  const total = height + 24 + (undated.length ? 26 + Math.ceil(undated.length / 40) * 9.5 : 0);
  const picture = svg(
    "svg", { class: "plot", width: "100%", height: total, "aria-hidden": "true" },
    svg("text", { class: "tick", x: 0, y: 11 }, `${highest}`), ...marks,
    svg("line", { class: "axis", x1: 0, x2: "100%", y1: height, y2: height }), ...axis(first, last, width, height + 17), ...rest,
  );
  return element("figure", { className: "chart dots" }, element("figcaption", { textContent: `?${name} by ?${date}` }), picture);
}

// The last column of numbers by year, as a line.
function lineOf(answer) {
  const when = yearOf(answer);
  const measure = numeric({ ...answer, variables: answer.variables.filter((each) => each !== when).concat(["", ""]) });
  const values = new Map();
  for (const row of answer.rows) {
    const at = year(row[when]);
    if (at !== null) values.set(at, (values.get(at) ?? 0) + Number(row[measure]?.value ?? 0));
  }
  const [first, last] = [Math.min(...values.keys()), Math.max(...values.keys())];
  const width = last - first + 1;
  const most = Math.max(...values.values(), 1);
  const points = Array.from({ length: width }, (_, i) => `${((i + 0.5) * 100) / width},${100 - ((values.get(first + i) ?? 0) * 100) / most}`).join(" ");
  const inner = svg("svg", { y: 14, width: "100%", height: 140, viewBox: "0 0 100 100", preserveAspectRatio: "none" }, svg("polyline", { class: "series", points }));
  const picture = svg(
    "svg", { class: "plot", width: "100%", height: 178, "aria-hidden": "true" },
    svg("line", { class: "level", x1: 0, x2: "100%", y1: 14, y2: 14 }), svg("text", { class: "tick", x: 0, y: 11 }, `${most}`), inner,
    svg("line", { class: "axis", x1: 0, x2: "100%", y1: 154, y2: 154 }), ...axis(first, last, width, 171),
  );
  return element("figure", { className: "chart lines" }, element("figcaption", { textContent: `?${measure} by ?${when}` }), picture);
}

// A drawing of a table that stands below it, folded.
function drawnFrom(answer, addresses, className, data, draw) {
  const table = tableOf(answer, addresses);
  table.querySelector("table").id = "editor-answer";
  const box = Object.assign(document.createElement("div"), { className, hidden: true });
  Object.assign(box.dataset, data);
  const details = element("details", {}, element("summary", { textContent: "The same as a table" }), table);
  return { shown: element("div", {}, box, details), draw: () => draw(box) };
}

function networkOf(answer, addresses) {
  const { source, target, weight } = pairOf(answer);
  const names = { source: labelFor(answer, source), target: labelFor(answer, target), ...(weight ? { weight } : {}) };
  return drawnFrom(answer, addresses, "network big", { network: "editor-answer", ...names }, drawNetwork);
}

function mapOf(answer, addresses) {
  const name = answer.variables.find((each) => /label$/i.test(each)) ?? answer.variables.find((each) => !["lat", "long"].includes(each));
  const size = answer.variables.findLast((each) => !["lat", "long"].includes(each) && !/year$/i.test(each) && answer.rows.every((row) => !row[each] || isNumber(row[each])));
  const when = answer.variables.find((each) => /year$/i.test(each));
  const data = { map: "editor-answer", label: name, world: addresses.world, ...(size ? { size } : {}), ...(when ? { year: when } : {}) };
  return drawnFrom(answer, addresses, "map big", data, drawMap);
}
