// Python, beside the page: it loads and answers without holding up what the reader types.

import { loadPyodide } from "./pyodide/pyodide.mjs";

const HOME = "/playground";
let loaded = 0;

const fail = (error) => self.postMessage({ failed: String(error.message ?? error) });

// Whatever is fetched is counted as it comes, for the bar that shows how far it is. What does not come is told here,
// because Pyodide waits for it without a word.
const fetchUncounted = self.fetch.bind(self);
self.fetch = async (...request) => {
  const response = await fetchUncounted(...request).catch((error) => {
    fail(error);
    throw error;
  });
  if (!response.ok) fail(`${response.url}: ${response.status}`);
  if (!response.ok || !response.body) return response;
  const counting = new TransformStream({
    transform(chunk, stream) {
      loaded += chunk.byteLength;
      self.postMessage({ loaded });
      stream.enqueue(chunk);
    },
  });
  const { status, statusText, headers } = response;
  return new Response(response.body.pipeThrough(counting), { status, statusText, headers });
};

async function load() {
  const here = new URL("./pyodide/", import.meta.url).href;
  const [python, modules] = await Promise.all([
    loadPyodide({ indexURL: here, packageBaseUrl: here, env: { PYTHONHASHSEED: "0" } }),
    self.fetch(new URL("python.zip", import.meta.url)).then((response) => response.arrayBuffer()),
  ]);
  python.unpackArchive(modules, "zip", { extractDir: HOME });
  python.runPython(`import sys; sys.path.insert(0, "${HOME}")`);
  return python.pyimport("answers");
}

const answers = load();
answers.then(
  () => self.postMessage({ ready: true }),
  fail,
);

self.addEventListener("message", async ({ data }) => {
  try {
    self.postMessage({ answer: JSON.parse((await answers).answer_json(data)) });
  } catch (error) {
    console.error(error);
    self.postMessage({ unanswered: true });
  }
});
