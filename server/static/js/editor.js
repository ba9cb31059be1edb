// The SPARQL editor: CodeMirror over the page's textarea, tabs that are kept, completion, and answers as table, chart, or text.
import {
  EditorState, EditorView, HighlightStyle, autocompletion, bracketMatching, closeBrackets, closeBracketsKeymap, completionKeymap, defaultKeymap,
  drawSelection, highlightActiveLine, highlightSelectionMatches, history, historyKeymap, indentOnInput, indentUnit, keymap, lineNumbers, lintKeymap,
  searchKeymap, setDiagnostics, sparql, syntaxHighlighting, tags,
} from "../vendor/codemirror.js";
import { answerOf, show } from "./answer.js";
import { completions } from "./completion.js";
import { copying } from "./copying.js";
import { tabs } from "./tabs.js";

const form = document.querySelector("form.sparql");
const area = form.querySelector("textarea");
const run = form.querySelector("button.primary");
let running = null;

const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword], class: "hl-k" },
  { tag: [tags.string], class: "hl-s" },
  { tag: [tags.variableName], class: "hl-nv" },
  { tag: [tags.comment], class: "hl-c" },
  { tag: [tags.number, tags.bool], class: "hl-m" },
  { tag: [tags.namespace, tags.url, tags.labelName], class: "hl-nn" },
  { tag: [tags.function(tags.variableName), tags.function(tags.name)], class: "hl-nf" },
]);

const state = (text) =>
  EditorState.create({
    doc: text,
    extensions: [
      EditorView.cspNonce.of(form.dataset.nonce), lineNumbers(), history(), drawSelection(), indentOnInput(), bracketMatching(), closeBrackets(), highlightActiveLine(), highlightSelectionMatches(),
      indentUnit.of("  "), sparql(), syntaxHighlighting(colours), autocompletion({ override: [completions(form.dataset)] }), EditorView.lineWrapping,
      EditorView.contentAttributes.of({ "aria-label": "SPARQL query", spellcheck: "false" }),
      EditorView.updateListener.of((update) => update.docChanged && store.changed(update.state.doc.toString())),
      keymap.of([
        { key: "Mod-Enter", run: () => (submit(), true) },
        ...closeBracketsKeymap, ...defaultKeymap, ...searchKeymap, ...historyKeymap, ...completionKeymap, ...lintKeymap,
      ]),
    ],
  });

const view = new EditorView({ state: state(area.value), parent: area.parentElement });
area.before(view.dom);
area.hidden = true;
const store = tabs(form.querySelector(".tabs"), area.value, new URLSearchParams(location.search).has("query"), (text) => view.setState(state(text)));

form.addEventListener("submit", (event) => {
  event.preventDefault();
  submit();
});

const examples = form.querySelector("[data-examples]");
examples.hidden = false;
examples.closest("label").hidden = false;
examples.addEventListener("change", () => {
  const option = examples.selectedOptions[0];
  if (option.dataset.text) store.open(option.dataset.text, option.textContent);
  examples.value = "";
});
form.querySelector(".hint").hidden = false;
form.querySelector("select[name=format]").closest("label").hidden = true;
copying(form.querySelector("[data-share]"), () => {
  const url = new URL(form.action, location.href);
  url.searchParams.set("query", view.state.doc.toString());
  return url.href;
});

async function submit() {
  if (running) return running.abort();
  const text = view.state.doc.toString();
  running = new AbortController();
  run.textContent = "Stop";
  view.dispatch(setDiagnostics(view.state, []));
  try {
    const answer = await answerOf(form.dataset.endpoint, text, running.signal);
    show(answer, text, form.dataset);
    if (answer.problem) point(answer.problem);
  } catch (error) {
    show({ problem: { title: error.name === "AbortError" ? "Stopped" : "The server did not answer", detail: error.name === "AbortError" ? "" : error.message } }, text, form.dataset);
  } finally {
    running = null;
    run.textContent = "Run";
  }
}

// Underline the place that the server's parser complains about.
function point({ line, column, detail }) {
  if (!line || line > view.state.doc.lines) return;
  const found = view.state.doc.line(line);
  const from = Math.min(found.from + Math.max((column ?? 1) - 1, 0), found.to);
  view.dispatch(setDiagnostics(view.state, [{ from, to: Math.max(found.to, from), severity: "error", message: detail }]));
}
