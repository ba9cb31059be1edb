// Answers SPARQL queries over one Turtle file with quadstore in memory: a query as JSON on each line of standard input, its answer, in
// SPARQL JSON results or {"error": …}, on each line of standard output.
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { MemoryLevel } from "memory-level";
import { DataFactory, Parser } from "n3";
import { Quadstore } from "quadstore";
import { Engine } from "quadstore-comunica";

const store = new Quadstore({ backend: new MemoryLevel(), dataFactory: DataFactory });
await store.open();
await store.multiPut(new Parser().parse(readFileSync(process.argv[2], "utf8")));
const engine = new Engine(store);

function term({ termType, value, language, datatype }) {
  if (termType === "NamedNode") return { type: "uri", value };
  return language ? { type: "literal", value, "xml:lang": language } : { type: "literal", value, datatype: datatype.value };
}

async function answer(query) {
  const result = await engine.query(query);
  const vars = (await result.metadata()).variables.map((variable) => (variable.variable ?? variable).value);
  const rows = await (await result.execute()).toArray();
  const bindings = rows.map((row) => Object.fromEntries([...row].map(([name, found]) => [name.value, term(found)])));
  return { head: { vars }, results: { bindings } };
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
