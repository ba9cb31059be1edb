// Answers SPARQL queries over one RDF file with Comunica: a query as JSON on each line of standard input, its answer, in SPARQL
// JSON results or {"error": …}, on each line of standard output.
import { createInterface } from "node:readline";
import { QueryEngine } from "@comunica/query-sparql-file";

const engine = new QueryEngine();
const context = { sources: [process.argv[2]] };

async function answer(query) {
  const result = await engine.query(query, context);
  const { data } = await engine.resultToString(result, "application/sparql-results+json");
  let text = "";
  for await (const chunk of data) text += chunk;
  return JSON.parse(text);
}

for await (const line of createInterface({ input: process.stdin })) {
  let out;
  try {
    out = await answer(JSON.parse(line));
  } catch (error) {
    out = { error: String(error.message ?? error) };
  }
  process.stdout.write(`${JSON.stringify(out)}\n`);
}
