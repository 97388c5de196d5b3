// The answers, as elements of the page. Every word goes in as text, never as markup.

const SVG = "http://www.w3.org/2000/svg";
const ROW = 78;
const PART = 40;
const SIDE = 6;

export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children.filter((child) => child !== null && child !== ""));
  return made;
}

function shape(name, attributes, text = "") {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.textContent = text;
  return made;
}

export function problems(found) {
  if (!found.length) return [];
  const items = found.map(({ path, message }) =>
    element("li", {}, path ? element("code", {}, path) : "", path ? " " : "", message),
  );
  return [element("p", {}, `${items.length === 1 ? "A problem" : `${items.length} problems`} here:`), element("ul", {}, ...items)];
}

export function plan({ parts, cancelled, money }) {
  const cards = parts.map((part) =>
    element(
      "li",
      { class: `pg-card pg-${part.kind}` },
      element("h3", {}, part.title),
      element("p", { class: "pg-units" }, part.lines.join(", ")),
      part.why && element("p", {}, part.why),
      part.arrives && element("p", {}, `Arrives ${part.arrives}.`),
      part.charge && element("p", {}, part.charge),
      element("p", { class: "pg-says" }, "The shopper reads: ", element("q", {}, part.says)),
    ),
  );
  const cuts = cancelled.map((cut) =>
    element(
      "li",
      { class: "pg-card pg-cancelled" },
      element("h3", {}, "Cancelled"),
      element("p", { class: "pg-units" }, cut.units),
      element("p", { class: "pg-says" }, "The shopper reads: ", element("q", {}, cut.says)),
    ),
  );
  return [element("ul", { class: "pg-cards" }, ...cards, ...cuts), money && element("p", { class: "pg-money" }, money)].filter(Boolean);
}

export function served({ decisions, there, left_over, changes }) {
  const rows = decisions.map(({ granted, asked, says }) => {
    const how = granted === asked ? "all" : granted ? "some" : "none";
    const badge = element("span", { class: `pg-badge pg-${how}`, "aria-hidden": "true" }, `${granted} of ${asked}`);
    return element("li", {}, badge, element("span", {}, says));
  });
  const compared = changes.length
    ? [element("p", {}, "Beside first come, first served:"), element("ul", { class: "pg-changes" }, ...changes.map((line) => element("li", {}, line)))]
    : [];
  return [
    element("p", {}, `To share out: ${there}.`),
    element("ol", { class: "pg-decisions" }, ...rows),
    element("p", {}, `Left over: ${left_over}.`),
    ...compared,
  ];
}

export function chart(drawn, width) {
  const height = drawn.skus.length * ROW + drawn.parts.length * PART + 26;
  const picture = shape("svg", { width, height, viewBox: `0 0 ${width} ${height}`, role: "img", class: "pg-picture" });
  const said = drawn.skus.map(({ sku, words }) => `${sku}: ${words}.`).join(" ");
  picture.setAttribute("aria-label", `What can be promised from ${drawn.start} on. ${said} The same stands below as a list.`);
  const place = (day) => SIDE + (Math.min(day, drawn.length) * (width - 2 * SIDE)) / drawn.length;
  for (const { day } of drawn.ticks) picture.append(shape("line", { class: "pg-tick", x1: place(day), x2: place(day), y1: 0, y2: height - 20 }));
  drawn.skus.forEach((row, index) => picture.append(...steps(row, index * ROW, place, drawn.length)));
  drawn.parts.forEach((part, index) => picture.append(...range(part, drawn.skus.length * ROW + index * PART, place, width)));
  let free = 0;
  for (const { day, words } of drawn.ticks) {
    if (place(day) < free || place(day) + 40 > width) continue;
    picture.append(shape("text", { class: "pg-day", x: place(day), y: height - 5 }, words));
    free = place(day) + 52;
  }
  return [picture, asList(drawn)];
}

// One SKU: its name, and under it the units that can be promised, as steps that never fall.
function steps({ sku, steps: found }, top, place, length) {
  const base = top + ROW - 12;
  const most = Math.max(1, ...found.map(({ available }) => available ?? 0));
  const heightOf = (available) => (available === null ? 30 : (available / most) * 26);
  const shapes = [shape("text", { class: "pg-sku", x: SIDE, y: top + 16 }, sku)];
  let free = 0;
  found.forEach(({ day, available }, index) => {
    const begin = place(day);
    const end = place(found[index + 1]?.day ?? length);
    const tall = heightOf(available);
    const kind = available === null ? "pg-area pg-unbounded" : "pg-area";
    shapes.push(shape("rect", { class: kind, x: begin, y: base - tall, width: Math.max(0, end - begin), height: tall }));
    if (begin < free) return;
    const words = available === null ? "any number" : String(available);
    shapes.push(shape("text", { class: "pg-number", x: begin + 3, y: base - tall - 4 }, words));
    free = begin + 10 + 8 * words.length;
  });
  shapes.push(shape("line", { class: "pg-base", x1: place(0), x2: place(length), y1: base, y2: base }));
  return shapes;
}

// A part: what is in it, and under it the days on which it can arrive.
function range({ title, kind, from, until, words }, top, place, width) {
  const room = Math.max(8, Math.floor((width - 2 * SIDE) / 7));
  const said = `${words}: ${title}`;
  const text = said.length > room ? `${said.slice(0, room - 1)}…` : said;
  const begin = place(from);
  return [
    shape("text", { class: "pg-part", x: SIDE, y: top + 14 }, text),
    shape("line", { class: "pg-base", x1: place(0), x2: width - SIDE, y1: top + 25, y2: top + 25 }),
    shape("rect", { class: `pg-range pg-${kind}`, x: begin, y: top + 20, width: Math.max(6, place(until + 1) - begin), height: 10, rx: 3 }),
  ];
}

function asList({ skus, parts, left_out: leftOut }) {
  const rows = skus.map(({ sku, words, overdue }) => element("li", {}, element("strong", {}, sku), `: ${[words, ...overdue].join("; ")}.`));
  const ranges = parts.map(({ title, words }) => element("li", {}, `${words}: ${title}.`));
  const more = leftOut.length ? [element("li", {}, `Not drawn: ${leftOut.join(", ")}.`)] : [];
  return element("details", { class: "pg-list" }, element("summary", {}, "The chart in words"), element("ul", {}, ...rows, ...ranges, ...more));
}
