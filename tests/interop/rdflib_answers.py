"""Answer SPARQL queries over one RDF file with rdflib: a query as JSON on each line of input, its answer on each line of output."""

import json
import sys

from rdflib import Graph

graph = Graph().parse(sys.argv[1])
for line in sys.stdin:
    try:
        answer = graph.query(json.loads(line)).serialize(format="json").decode()
        answer = json.dumps(json.loads(answer))
    except Exception as error:
        answer = json.dumps({"error": f"{type(error).__name__}: {error}"})
    print(answer, flush=True)
