/* Fields that name people ([data-names] has the address): while a name is typed, names are suggested below it, and
   each name in the field has a line that says who it reaches.

   A suggestion is a button, so Tab reaches it and Enter takes it; Escape puts the suggestions away. What is found is
   spoken by the page's status region, beside what it shows, and only where it is not what was spoken last. Without this
   file it is a text field. An answer that fails says nothing: the form works without it. */
(function () {
  "use strict";

  if (window.ilacsNames) return;
  window.ilacsNames = true;

  const BETWEEN = /[\n;/&]/;
  const LONGEST = 1500; // characters of a field that are sent: an address has its limit
  const asked = new WeakMap();
  let spoken = "";

  const boxOf = (field) => document.getElementById(`${field.id}-names`);
  const fieldOf = (box) => document.getElementById(box.id.replace(/-names$/, ""));

  // Where in the field the name is that is being typed.
  function placeOf(field) {
    const text = field.value;
    if (field.tagName !== "TEXTAREA") return [0, text.length];
    let from = field.selectionStart, to = from;
    while (from > 0 && !BETWEEN.test(text[from - 1])) from--;
    while (to < text.length && !BETWEEN.test(text[to])) to++;
    return [from, to];
  }

  function say(words) {
    if (words !== spoken) window.ilacsSay(words, true);
    spoken = words;
  }

  function clear(field) {
    const list = boxOf(field).querySelector(".names__list");
    if (list) list.remove();
    return Boolean(list);
  }

  async function ask(field, stopped) {
    const [from, to] = placeOf(field);
    const address = new URL(field.dataset.names, location.origin);
    address.searchParams.set("typed", field.value.slice(from, to).trim());
    if (field.value.length <= LONGEST) address.searchParams.set("names", field.value);
    try {
      const answer = await fetch(address, { headers: { "HX-Request": "true" }, signal: stopped });
      if (!answer.ok) throw new Error(String(answer.status));
      const text = await answer.text();
      if (stopped.aborted || !field.isConnected) return;
      const box = boxOf(field);
      box.innerHTML = text;
      const said = box.querySelector("[data-said]");
      say(said ? said.textContent.trim() : "");
    } catch {
      if (!stopped.aborted && field.isConnected) clear(field);
    }
  }

  document.addEventListener("input", (event) => {
    const field = event.target;
    if (!(field instanceof Element) || !field.matches("[data-names]")) return;
    const before = asked.get(field);
    if (before) before.abort();
    const stop = new AbortController();
    asked.set(field, stop);
    setTimeout(() => { if (!stop.signal.aborted) ask(field, stop.signal); }, 250);
  });

  // The field keeps focus, and with it the place of what is typed, while a button below it is pressed.
  document.addEventListener("pointerdown", (event) => {
    if (event.target.closest(".names [data-name]")) event.preventDefault();
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest(".names [data-name]");
    if (!button) return;
    const field = fieldOf(button.closest(".names"));
    const name = button.dataset.name;
    let [from, to] = placeOf(field);
    // A name with one of the signs in it takes the place of all of it that was typed.
    const line = field.value.lastIndexOf("\n", from - 1) + 1;
    const typed = field.value.slice(line, to).trim().toLowerCase();
    if (from > line && name.toLowerCase().startsWith(typed)) from = line;
    const before = field.value.slice(0, from), after = field.value.slice(to);
    const gap = /[;/&]$/.test(before) ? " " : "";
    field.value = `${before}${gap}${name}${after}`;
    const at = before.length + gap.length + name.length;
    clear(field);
    field.focus();
    field.setSelectionRange(at, at);
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const box = event.target.closest(".names");
    const field = box ? fieldOf(box) : event.target;
    if (!field.matches("[data-names]") || !clear(field)) return;
    say("");
    field.focus();
  });
})();
