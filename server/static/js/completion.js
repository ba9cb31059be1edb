// Completion: keywords, variables of the query, prefixes, terms of our ontology and categories, and things by their names.
const KEYWORDS =
  "SELECT DISTINCT WHERE FILTER OPTIONAL UNION MINUS GRAPH VALUES BIND AS GROUP BY HAVING ORDER ASC DESC LIMIT OFFSET PREFIX ASK CONSTRUCT DESCRIBE EXISTS NOT IN COUNT SUM MIN MAX AVG SAMPLE GROUP_CONCAT STR LANG DATATYPE BOUND IF COALESCE REGEX CONTAINS STRSTARTS LCASE UCASE YEAR MONTH DAY".split(
    " ",
  );

// A CodeMirror completion source; `addresses` are the editor's data attributes.
export function completions(addresses) {
  let terms = null;
  const known = async () => {
    terms ??= fetch(addresses.terms).then((response) => response.json()).catch(() => ({ prefixes: {}, terms: [] }));
    return terms;
  };
  return async (context) => {
    const word = context.matchBefore(/[?$<]?[\p{L}\d_:.\-]*/u);
    if (!word || (word.from === word.to && !context.explicit)) return null;
    const text = context.state.doc.toString();
    if (/^[?$]/.test(word.text)) return { from: word.from, options: variables(text), validFor: /^[?$]\w*$/ };
    const { prefixes, terms: ours } = await known();
    const declared = new Set([...text.matchAll(/PREFIX\s+([\w-]*):/gi)].map((match) => match[1]));
    const options = ours.map((term) => ({
      label: term.term,
      detail: term.label,
      info: term.info || undefined,
      type: /Property/.test(term.kind) ? "property" : "class",
      apply: withPrefix(term.term, prefixes, declared),
    }));
    for (const [prefix, iri] of Object.entries(prefixes)) {
      options.push({ label: `PREFIX ${prefix}:`, detail: iri, type: "namespace", apply: `PREFIX ${prefix}: <${iri}>` });
    }
    options.push(...KEYWORDS.map((keyword) => ({ label: keyword, type: "keyword" })));
    if (/^\p{L}{3,}$/u.test(word.text)) options.push(...(await things(addresses.search, word.text)));
    return { from: word.from, options };
  };
}

const variables = (text) => [...new Set(text.match(/[?$]\w+/g) ?? [])].map((label) => ({ label, type: "variable" }));

// Put a term in, and declare its prefix at the top where the query does not.
function withPrefix(term, prefixes, declared) {
  return (view, completion, from, to) => {
    const prefix = /^([\w-]+):/.exec(term)?.[1];
    const changes = [{ from, to, insert: term }];
    if (prefix in prefixes && !declared.has(prefix)) changes.unshift({ from: 0, insert: `PREFIX ${prefix}: <${prefixes[prefix]}>\n` });
    const shift = changes.length > 1 ? changes[0].insert.length : 0;
    view.dispatch({ changes, selection: { anchor: from + shift + term.length } });
  };
}

async function things(address, text) {
  try {
    const url = new URL(address, location.href);
    url.searchParams.set("q", text);
    const response = await fetch(url);
    if (!response.ok) return [];
    const found = (await response.json()).things;
    return found.map((hit) => ({ label: hit.name, displayLabel: hit.label, detail: hit.class.toLowerCase(), type: "constant", apply: `<${hit.iri}>`, boost: -1 }));
  } catch {
    return [];
  }
}
