// Asks the endpoint named on the command line through Comunica; what it got, as JSON.
import { QueryEngine } from "@comunica/query-sparql";

const A = "http://example.org/a";
const engine = new QueryEngine();
const context = { sources: [{ type: "sparql", value: process.argv[2] }] };

const bindings = await engine.queryBindings(`SELECT ?o WHERE { <${A}> <http://example.org/p> ?o }`, context);
const select = (await bindings.toArray()).map((row) => row.get("o").value);
const ask = await engine.queryBoolean(`ASK { <${A}> ?p ?o }`, context);
const quads = await engine.queryQuads(`CONSTRUCT WHERE { <${A}> ?p ?o }`, context);
const triples = (await quads.toArray()).length;
// Comunica parses queries itself, so one that does not parse never leaves; one to a wrong address does.
let error = "";
try {
  const missing = { sources: [{ type: "sparql", value: `${process.argv[2]}/nowhere` }] };
  await (await engine.queryBindings("SELECT * WHERE { ?s ?p ?o }", missing)).toArray();
} catch (caught) {
  error = String(caught.message);
}
console.log(JSON.stringify({ select, ask, triples, error }));
