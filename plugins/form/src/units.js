// What the tests look at by itself.

export { amounts } from "./amounts.js";
export { blocksOf, places, tidied } from "./blocks.js";
export { canonical } from "./canonical.js";
export { checked } from "./checks.js";
export { commentsOf, noComments } from "./comments.js";
export { recorded, typedForm } from "./figures.js";
export { AS_ITEM, AS_KEY, AS_KEY_IN_BRACES, AS_VALUE, IN_BRACES, IN_BRACKETS, scalar } from "./scalars.js";
export { Shape } from "./shape.js";
export { Taken } from "./taken.js";
export { Num, read } from "./tree.js";
