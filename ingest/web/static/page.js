// Keeps the page fresh, and says so when it cannot: an old page must never pass for news.
"use strict";

const EVERY_MS = 20000;
const OLD_MS = 180000;
let freshAt = Date.now();

function isBusy() {
  const main = document.getElementById("main");
  return main.contains(document.activeElement) || main.querySelector("details[open]") !== null;
}

function sayIfOld() {
  const lost = document.getElementById("lost");
  const age = Date.now() - freshAt;
  lost.hidden = age < OLD_MS;
  if (!lost.hidden) {
    const minutes = Math.round(age / 60000);
    lost.textContent = `What you see is ${minutes} minutes old. If reloading does not help, the hub cannot be reached.`;
  }
}

async function refresh() {
  if (document.hidden || isBusy()) return;
  const address = new URL(location.href);
  address.searchParams.delete("noted");
  const answer = await fetch(address, { headers: { accept: "text/html" } });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  document.getElementById("main").replaceWith(page.getElementById("main"));
  freshAt = Date.now();
}

function turn() {
  refresh().catch(() => undefined).finally(sayIfOld);
}

setInterval(turn, EVERY_MS);
document.addEventListener("visibilitychange", turn);
