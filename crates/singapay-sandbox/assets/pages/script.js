// Comfort only: every page can be used without it.
"use strict";

const two = (number) => String(number).padStart(2, "0");

function words(millis, days) {
  const left = Math.max(0, Math.floor(millis / 1000));
  const day = Math.floor(left / 86400);
  const clock = [left % 86400 / 3600, left % 3600 / 60, left % 60].map(Math.floor).map(two);
  return (day > 0 ? `${day} ${days} ` : "") + clock.join(":");
}

// The page as it is now, also where this one came from a form.
const again = () => location.replace(location.href);

const countdown = document.querySelector("[data-left]");
let left = 0;
let since = performance.now();

function tick() {
  const { left: given, frozen, days } = countdown.dataset;
  if (given !== tick.given) {
    [tick.given, left, since] = [given, Number(given), performance.now()];
  }
  const passed = frozen === undefined ? performance.now() - since : 0;
  countdown.textContent = words(left - passed, days);
  if (left - passed > 0) {
    setTimeout(tick, 250);
  } else {
    setTimeout(again, 1000);
  }
}

if (countdown) {
  countdown.hidden = false;
  tick();
}

for (const button of document.querySelectorAll("[data-copy]")) {
  const label = button.firstChild;
  const usual = label.textContent;
  button.hidden = false;
  button.setAttribute("aria-live", "polite");
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
    } catch {
      // No clipboard for pages that came without TLS from elsewhere: the text is selected.
      getSelection().selectAllChildren(button.parentElement.querySelector("code"));
      return;
    }
    label.textContent = button.dataset.done;
    setTimeout(() => { label.textContent = usual; }, 2000);
  });
}

// A payment can end elsewhere, and the sandbox's time can be moved.
const main = document.querySelector("main[data-watch]");

async function look() {
  if (document.hidden) {
    return;
  }
  try {
    const answer = await fetch(location.href, { cache: "no-store" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const state = page.querySelector("main")?.dataset.state;
    if (state !== undefined && state !== main.dataset.state) {
      again();
      return;
    }
    const news = page.querySelector("[data-left]");
    if (countdown && news) {
      Object.assign(countdown.dataset, news.dataset);
      if (news.dataset.frozen === undefined) {
        delete countdown.dataset.frozen;
      }
    }
  } catch {
    // The sandbox is away; it may come back.
  }
}

if (main) {
  setInterval(look, 2000);
}
