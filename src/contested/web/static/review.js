// Keys of the review page; without this file its forms work by mouse and Tab.

const questions = [...document.querySelectorAll(".question")].filter((each) => each.querySelector("form"));
const keys = document.getElementById("keys");
const card = document.querySelector(".keycard");
let at = Math.max(0, Math.min(questions.length - 1, Number(/^#n(\d+)$/.exec(location.hash)?.[1] ?? 1) - 1));

const form = () => questions[at]?.querySelector("form");
const radio = (key) => form()?.querySelector(`input[data-key="${key}"]`);

function stand(there, focus = true) {
  if (!questions.length) return;
  questions[at].classList.remove("here");
  at = Math.max(0, Math.min(questions.length - 1, there));
  questions[at].classList.add("here");
  if (focus) {
    questions[at].querySelector("input:checked").focus({ preventScroll: true });
    questions[at].scrollIntoView({ block: "nearest" });
  }
}

function choose(key) {
  const chosen = radio(key);
  if (!chosen) return false;
  chosen.checked = true;
  chosen.focus({ preventScroll: true });
  return true;
}

const acts = {
  j: () => stand(at + 1),
  k: () => stand(at - 1),
  o: () => choose("o") && form().elements.other.focus(),
  a: () => choose("a") && form().requestSubmit(),
  u: () => document.getElementById("undo")?.click(),
  Enter: () => form()?.requestSubmit(form().querySelector(".save")),
  "?": () => (card.open = !card.open),
};

const typing = (spot) => spot.closest("input:not([type=radio]):not([type=checkbox]), select, textarea, [contenteditable]");
const pressing = (spot) => spot.closest("a, button, summary, [type=checkbox]");

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || !keys?.checked || typing(event.target)) return;
  if (event.key === "Enter" && pressing(event.target)) return;
  if (/^[0-9l]$/.test(event.key) ? choose(event.key) : acts[event.key]) {
    event.preventDefault();
    acts[event.key]?.();
  }
});

// What is typed about a new place, or about something else, means that this is chosen; where one works is where the keys go.
for (const [number, question] of questions.entries()) {
  question.addEventListener("focusin", () => stand(number, false));
  for (const [part, key] of [[".new", "a"], [".other input[name=other]", "o"]])
    question.querySelector(part)?.addEventListener("input", () => {
      question.querySelector(`input[data-key=${key}]`).checked = true;
    });
}

try {
  if (keys) keys.checked = localStorage.getItem("keys") !== "off";
  keys?.addEventListener("change", () => localStorage.setItem("keys", keys.checked ? "on" : "off"));
} catch {
  // storage is switched off: the box works for this page
}
stand(at, location.hash.startsWith("#n"));
