// The playground: what the reader asks goes to Python in a worker, and what it answers is shown beside it.

import * as draw from "./draw.js";
import { pack, unpack } from "./share.js";

const TEXTS = ["order", "supply", "queue", "at", "zone"];
const POLICY = ["queue", "shortage", "unit", "ration"];
const NEEDS = {
  plan: ["order", "supply", "at", "zone"],
  chart: ["supply", "at", "zone"],
  queue: ["queue", "supply", "at", "zone", "policy"],
};
const ANSWERS = { plan: "pg-plan", chart: "pg-chart", queue: "pg-served" };
const PAUSE = 400; // milliseconds without a key before it answers
const LINK = "#play=";

const at = (name) => document.getElementById(name);
const form = at("pg");
const field = (name) => at(`pg-${name}`);
const choice = (name) => at(`pg-policy-${name}`);

let examples = [];
let worker = null;
let timer = 0;
let isReady = false;
let isBusy = false;
let isWaiting = false;
let lastChart = null;

function notice(words) {
  at("pg-notice").textContent = words;
  at("pg-notice").hidden = !words;
  at("pg-notice").style.animation = "none";
}

function status(words) {
  at("pg-status").textContent = words;
}

function asked() {
  const texts = Object.fromEntries(TEXTS.map((name) => [name, field(name).value]));
  return { ...texts, policy: Object.fromEntries(POLICY.map((name) => [name, choice(name).value])) };
}

function fill(example) {
  for (const name of TEXTS) field(name).value = example[name];
  for (const name of POLICY) choice(name).value = example.policy[name] ?? "";
}

// Answers now, or as soon as Python is there and done with what it was asked before.
function ask() {
  clearTimeout(timer);
  isWaiting = !isReady || isBusy;
  if (isWaiting) return;
  isBusy = true;
  form.setAttribute("aria-busy", "true");
  worker.postMessage(JSON.stringify(asked()));
}

function askSoon() {
  clearTimeout(timer);
  timer = setTimeout(ask, PAUSE);
}

function done() {
  isBusy = false;
  form.removeAttribute("aria-busy");
  if (isWaiting) ask();
}

function show(answer) {
  for (const name of [...TEXTS, "policy"]) {
    const found = answer.problems[name];
    at(`pg-${name}-problems`).replaceChildren(...draw.problems(found));
    field(name)?.setAttribute("aria-invalid", String(found.length > 0));
  }
  if (answer.plan) at("pg-plan").replaceChildren(...draw.plan(answer.plan));
  if (answer.queue) at("pg-served").replaceChildren(...draw.served(answer.queue));
  if (answer.chart) {
    lastChart = answer.chart;
    drawChart();
  }
  for (const [name, id] of Object.entries(ANSWERS)) mark(at(id), answer[name] === null && broken(name, answer.problems));
  status(answer.summary);
}

// Says which of the documents that an answer needs cannot be read.
function broken(name, problems) {
  const names = { at: "the time", zone: "the time zone", policy: "the policy" };
  const wrong = NEEDS[name].filter((needed) => problems[needed].length);
  return wrong.map((needed) => names[needed] ?? `the ${needed}`).join(" and ");
}

function mark(place, because) {
  const said = place.parentElement.querySelector(".pg-stale");
  said.hidden = !because;
  said.textContent = because ? `${place.hasChildNodes() ? "As it was before" : "No answer yet"}: mend ${because} first.` : "";
  place.classList.toggle("pg-old", Boolean(because));
}

function drawChart() {
  const open = at("pg-chart").querySelector("details")?.open;
  const width = Math.max(240, Math.floor(at("pg-chart").clientWidth));
  at("pg-chart").replaceChildren(...draw.chart(lastChart, width));
  at("pg-chart").querySelector("details").open = Boolean(open);
}

function choose(id) {
  const example = examples.find((item) => item.id === id) ?? examples[0];
  at("pg-example").value = example.id;
  at("pg-note").textContent = example.note;
  fill(example);
  ask();
}

async function share() {
  const link = `${LINK}${await pack(asked())}`;
  history.replaceState(null, "", link);
  try {
    await navigator.clipboard.writeText(location.href);
    status("The link is copied. It holds all that you see here, and it is in the address bar too.");
  } catch {
    status("The link is in the address bar: copy it from there. It holds all that you see here.");
  }
}

// Takes what a link says; a link that says nothing, or nothing that can be read, leaves the story.
async function follow() {
  if (!location.hash.startsWith(LINK)) return;
  try {
    fill(await unpack(location.hash.slice(LINK.length)));
    at("pg-example").value = "";
    at("pg-note").textContent = "This is what the link holds.";
    ask();
  } catch {
    status("The link cannot be read: a part of it may be missing. This is the story.");
  }
}

function start(total) {
  const megabytes = (bytes) => (bytes / 1e6).toFixed(1);
  at("pg-loading").hidden = false;
  at("pg-progress").max = total;
  status(`Loading Python for your browser, ${megabytes(total)} MB, once. You can read and edit meanwhile.`);
  worker = new Worker(new URL("worker.js", import.meta.url), { type: "module" });
  worker.addEventListener("error", () => fail());
  worker.addEventListener("message", ({ data }) => {
    if (data.loaded) {
      at("pg-progress").value = data.loaded;
      at("pg-loaded").textContent = `${megabytes(Math.min(data.loaded, total))} of ${megabytes(total)} MB`;
    } else if (data.ready) {
      at("pg-loading").hidden = true;
      isReady = true;
      ask();
    } else if (data.failed) {
      console.error(data.failed);
      fail();
    } else {
      if (data.answer) show(data.answer);
      else status("That could not be answered, and the fault is not yours. What you see is as it was before.");
      done();
    }
  });
}

function fail() {
  at("pg-loading").hidden = true;
  status("");
  notice("Python did not load in this browser. Load the page anew; if that does not help, try a newer browser.");
}

async function fetched(name) {
  const response = await fetch(new URL(name, import.meta.url));
  if (!response.ok) throw new Error(name);
  return response.json();
}

function listen() {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    ask();
  });
  form.addEventListener("input", (event) => {
    if (event.target.id !== "pg-example") askSoon();
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      ask();
    }
  });
  at("pg-example").addEventListener("change", (event) => choose(event.target.value));
  at("pg-share").addEventListener("click", share);
  at("pg-reset").addEventListener("click", () => {
    history.replaceState(null, "", location.pathname + location.search);
    choose(examples[0].id);
    status("This is the story again.");
  });
  addEventListener("hashchange", follow);
  let width = 0;
  new ResizeObserver(([{ contentRect }]) => {
    if (lastChart && contentRect.width !== width) drawChart();
    width = contentRect.width;
  }).observe(at("pg-chart"));
}

async function main() {
  if (typeof WebAssembly !== "object" || typeof Worker !== "function") {
    notice("The playground needs WebAssembly and workers, which this browser does not have or does not allow.");
    return;
  }
  let sizes;
  try {
    [sizes, examples] = await Promise.all([fetched("manifest.json"), fetched("examples.json")]);
  } catch {
    notice("These pages were built without the playground. Where npm is installed, `make docs` builds it.");
    return;
  }
  for (const { id, title } of examples) at("pg-example").append(draw.element("option", { value: id }, title));
  notice("");
  form.hidden = false;
  listen();
  start(Object.values(sizes).reduce((sum, size) => sum + size, 0));
  choose(examples[0].id);
  await follow();
}

main();
