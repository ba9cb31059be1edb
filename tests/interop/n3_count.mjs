// Counts the statements that N3.js reads from one file, Turtle or N-Quads by its name.
import { readFileSync } from "node:fs";
import { Parser } from "n3";

const format = process.argv[2].endsWith(".nq") ? "application/n-quads" : "text/turtle";
const quads = new Parser({ format }).parse(readFileSync(process.argv[2], "utf8"));
console.log(new Set(quads.map((quad) => JSON.stringify(quad))).size);
