// Asks the endpoint named on the command line through fetch-sparql-endpoint; what it got, as JSON.
import { SparqlEndpointFetcher } from "fetch-sparql-endpoint";

const A = "http://example.org/a";
const endpoint = process.argv[2];
const fetcher = new SparqlEndpointFetcher();

async function all(stream) {
  const found = [];
  for await (const each of stream) found.push(each);
  return found;
}

const rows = await all(await fetcher.fetchBindings(endpoint, `SELECT ?o WHERE { <${A}> <http://example.org/p> ?o }`));
const ask = await fetcher.fetchAsk(endpoint, `ASK { <${A}> ?p ?o }`);
const triples = (await all(await fetcher.fetchTriples(endpoint, `CONSTRUCT WHERE { <${A}> ?p ?o }`))).length;
let error = "";
try {
  await fetcher.fetchBindings(endpoint, "SELECT * WHERE {");
} catch (caught) {
  error = String(caught.message);
}
console.log(JSON.stringify({ select: rows.map((row) => row.o.value), ask, triples, error }));
