
"use strict";
const NOTHING = new Set(["", "—"]), TINY = "…", LEVEL = "持平", FALLING = /^(下降|减少|降低|▼)/;
const NUMBER = /^(?:增长|上升|提高|增加|下降|减少|降低|第|≈|▲|▼)?([−+-]?[0-9][0-9,]*(?:\.[0-9]+)?)(?:—[0-9]+)?\s*([^0-9]{0,8})$/;
const TIMES = { 万: 1e4, 亿: 1e8 };
const collator = new Intl.Collator("zh-CN", { numeric: true });

function number(words) {
  if (words === TINY) return Number.MIN_VALUE;
  if (words === LEVEL) return 0;
  const read = NUMBER.exec(words);
  if (!read) return null;
  const value = Number(read[1].replace(/,/g, "").replace("−", "-")) * (TIMES[read[2][0]] || 1);
  return FALLING.test(words) ? -value : value;
}

function sorted(rows, column, direction) {
  const words = (row) => row.cells[column].textContent.trim();
  const moving = rows.filter((row) => !row.classList.contains("total"));
  const blank = moving.filter((row) => NOTHING.has(words(row)));
  const given = moving.filter((row) => !NOTHING.has(words(row)));
  const numeric = given.every((row) => number(words(row)) !== null);
  const compare = (a, b) => (numeric ? number(words(a)) - number(words(b)) : collator.compare(words(a), words(b)));
  given.sort((a, b) => (direction === "ascending" ? compare(a, b) : compare(b, a)));
  const next = [...given, ...blank][Symbol.iterator]();
  return rows.map((row) => (row.classList.contains("total") ? row : next.next().value));
}

for (const table of document.querySelectorAll(".brief-table table")) {
  const body = table.tBodies[0], rows = [...body.rows], heads = [...table.tHead.rows[0].cells];
  if (rows.length < 3) continue;
  heads.forEach((head, column) => {
    const term = head.querySelector(".brief-term"), button = document.createElement("button");
    button.type = "button";
    button.className = "brief-sort";
    button.textContent = head.textContent;
    if (term) {
      button.classList.add("brief-term");
      button.dataset.definition = term.dataset.definition;
      if (term.hasAttribute("aria-describedby")) button.setAttribute("aria-describedby", term.getAttribute("aria-describedby"));
    }
    head.replaceChildren(button);
    head.setAttribute("aria-sort", "none");
    const numeric = head.classList.contains("right");
    const turns = numeric ? ["descending", "ascending", "none"] : ["ascending", "descending", "none"];
    button.addEventListener("click", () => {
      const turn = turns[(turns.indexOf(head.getAttribute("aria-sort")) + 1) % 3];
      for (const other of heads) other.setAttribute("aria-sort", "none");
      head.setAttribute("aria-sort", turn);
      body.replaceChildren(...(turn === "none" ? rows : sorted(rows, column, turn)));
    });
  });
}

function place(event) {
  const term = event.target.closest && event.target.closest(".brief-term");
  if (!term) return;
  const box = term.getBoundingClientRect(), wide = document.documentElement.clientWidth, high = window.innerHeight;
  const below = term.closest("thead") ? box.top < 160 : box.bottom < high * 0.6;  // a head's definition does not lie on its rows
  term.classList.remove("put-away");
  term.style.setProperty("--x", Math.max(16, Math.min(box.left, wide - 16 - Math.min(416, wide - 32))) + "px");
  term.style.setProperty("--y", below ? box.bottom + "px" : "auto");
  term.style.setProperty("--bottom", below ? "auto" : high - box.top + "px");
}
document.addEventListener("mouseover", place);
document.addEventListener("focusin", place);
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const term of document.querySelectorAll(".brief-term:is(:hover, :focus)")) term.classList.add("put-away");
});

function reachable() {  // by keyboard, where there is something to scroll
  for (const one of document.querySelectorAll(".brief-scroll")) {
    if (one.scrollWidth > one.clientWidth) one.tabIndex = 0;
    else one.removeAttribute("tabindex");
  }
}
reachable();
document.fonts.ready.then(reachable);
window.addEventListener("resize", reachable);
const contents = document.querySelector(".contents details");
if (contents && !window.matchMedia("(min-width: 68em)").matches) contents.open = false;  // not at the side

const bar = document.querySelector(".bar");
if (bar) {
  const [folder, number, file] = decodeURIComponent(location.pathname).split("/").slice(-3);
  bar.hidden = file !== bar.dataset.file;  // a copy, such as one that was delivered: there is nothing beside it
  if (/^[0-9]+$/.test(number) && file === `${folder}.html`) {  // an edition in the register lies two folders deeper
    for (const link of bar.querySelectorAll("[data-root]")) link.href = "../../" + link.getAttribute("href");
    const manual = bar.querySelector("[href*='/all-metric-manual.html']");
    for (const term of manual ? document.querySelectorAll("a.brief-term") : []) term.href = manual.href;
  }
}
