"""Answer SPARQL queries over one Turtle file with maplib: a query as JSON on each line of input, its answer on each line of output."""

import json
import sys

from maplib import Model

model = Model()
model.read(sys.argv[1])
for line in sys.stdin:
    try:
        answer = json.dumps(json.loads(model.query(json.loads(line), return_json=True)))
    except Exception as error:
        answer = json.dumps({"error": f"{type(error).__name__}: {error}"})
    print(answer, flush=True)
