// Begins start.ts once it is sure that this Node can run it. Law: plain JavaScript of any age, since an older Node must get this far
// to read the sentence instead of a syntax error.
const LEAST = [22, 18];
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);

if (major > LEAST[0] || (major === LEAST[0] && minor >= LEAST[1])) {
  await import("./start.ts");
} else {
  console.error(
    `Setback needs Node ${LEAST.join(".")} or newer, and this is ${process.versions.node}: run "npm install", which brings one, and then "npm start", which uses it.`,
  );
  process.exitCode = 1;
}
