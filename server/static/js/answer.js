// Asking the endpoint, and showing what it says: a table with links to the pages, a chart of the first numbers, or the raw text.
import { svg } from "./cells.js";

const RESOURCE = "https://w3id.org/entente/resource/";
const CATEGORY = "https://w3id.org/entente/category/";
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
    body.replaceChildren(found.get(name)());
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
  if ("rows" in answer && answer.rows.length) {
    views.set("Table", () => tableOf(answer, addresses));
    if (numeric(answer)) views.set("Chart", () => chartOf(answer, addresses));
  }
  return views.set("Raw", raw);
}

function tableOf({ variables, rows }, addresses) {
  const head = element("tr", {}, ...variables.map((name) => element("th", { scope: "col", textContent: name })));
  const body = rows.slice(0, SHOWN).map((row) => element("tr", {}, ...variables.map((name) => cellOf(row[name], addresses))));
  const table = element("table", { className: "data" }, element("thead", {}, head), element("tbody", {}, ...body));
  const scroll = element("div", { className: "scroll", tabIndex: 0, role: "region", ariaLabel: "Answer as a table" }, table);
  const rest = rows.length > SHOWN ? [element("p", { className: "quiet", textContent: `The first ${SHOWN} rows; a download has all.` })] : [];
  return element("div", {}, scroll, ...rest);
}

function cellOf(term, addresses) {
  if (!term) return element("td");
  if (term.type !== "uri") {
    const numeric = /#(integer|decimal|double|float|int|long)$/.test(term.datatype ?? "");
    return element("td", { textContent: term.value, className: numeric ? "number" : "" });
  }
  const page = pageOf(term.value, addresses);
  const href = page ?? (/^(https?|ftp):\/\//i.test(term.value) ? term.value : null);
  const text = page ? decode(term.value.replace(RESOURCE, "").replace(CATEGORY, "")) : term.value;
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
function pageOf(iri, { resource, category }) {
  const key = (base) => iri.slice(base.length).split("/").map(encodeURIComponent).join("/");
  if (iri.startsWith(RESOURCE)) return resource.replace("KEY", () => key(RESOURCE));
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
