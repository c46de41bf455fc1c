// Niceties only: every page reads the same without this file.

const typing = (at) => at.closest("input, select, textarea, [contenteditable]");

function light(id) {
  for (const piece of document.querySelectorAll("mark.here")) piece.classList.remove("here");
  for (const piece of document.querySelectorAll("mark[data-a]"))
    if (piece.dataset.a.split(" ").includes(id)) piece.classList.add("here");
}

const named = () => location.hash.startsWith("#a") && light(location.hash.slice(2));
addEventListener("hashchange", named);
named();

for (const note of document.querySelectorAll("[data-of]")) {
  note.addEventListener("pointerenter", () => light(note.dataset.of));
  note.addEventListener("focusin", () => light(note.dataset.of));
}

// Close the menu of pictures on Escape or a click elsewhere.
addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]"))
    if (!menu.contains(event.target)) menu.open = false;
});

// Comma and full stop step a day on the map; slash goes to the search field.
addEventListener("keydown", (event) => {
  if (event.key === "Escape") for (const menu of document.querySelectorAll("details.menu[open]")) menu.open = false;
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  const steps = document.querySelectorAll(".steps a");
  if (event.key === "," && steps.length) steps[1].click();
  if (event.key === "." && steps.length) steps[2].click();
  const search = document.querySelector("input[type=search]");
  if (event.key === "/" && search) {
    event.preventDefault();
    search.focus();
  }
});
