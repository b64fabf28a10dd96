
"use strict";
const form = document.querySelector("form"), found = document.querySelector(".found");
const periods = [...document.querySelectorAll("details.period")], packs = [...document.querySelectorAll(".packs > li")];

function find() {
  const { words, ...chosen } = Object.fromEntries(new FormData(form));
  const wanted = words.toLowerCase().split(/\s+/);
  const asked = words.trim() !== "" || Object.values(chosen).some((value) => value !== "");
  for (const pack of packs) {
    const named = wanted.every((word) => pack.dataset.words.toLowerCase().includes(word));
    pack.hidden = !named || Object.entries(chosen).some(([key, value]) => value !== "" && pack.dataset[key] !== value);
  }
  const shown = (within) => within.querySelector(".packs > li:not([hidden])") !== null;
  for (const region of document.querySelectorAll(".region")) region.hidden = !shown(region);
  for (const period of periods) {
    period.hidden = !shown(period);
    period.open = asked || period === periods[0];
  }
  const count = packs.filter((pack) => !pack.hidden).length;
  found.textContent = !asked ? `共${packs.length}份文档` : count ? `找到${count}份文档` : "没有符合条件的文档";
}

if (form) {
  form.hidden = false;
  form.addEventListener("input", find);
  form.addEventListener("submit", (event) => event.preventDefault());
}

function reveal() {  // the period to which a page leads, which a reader may have closed
  const at = document.getElementById(decodeURIComponent(location.hash.slice(1))), period = at && at.closest("details.period");
  if (!period || period.open) return;
  period.open = true;
  at.scrollIntoView();
}
window.addEventListener("hashchange", reveal);
reveal();
