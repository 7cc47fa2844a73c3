/* The check page of an import: a choice is applied at once, and nothing chosen meanwhile is lost.

   A choice made by mouse or from an open list is sent when it is made. Arrow keys change a closed list with
   each press, so there the choice is sent when focus leaves it, or on Enter. Without this file the button does it. */
(function () {
  "use strict";

  const STEPS = ["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "Home", "End", "PageUp", "PageDown"];
  let stepping = null;
  let waiting = new Map();

  function isChoice(element) {
    return element instanceof Element && element.matches("select[data-applies]");
  }

  function apply(select) {
    const form = select.form;
    stepping = null;
    if (form.hasAttribute("aria-busy")) waiting.set(select.name, select.value);
    else form.requestSubmit();
  }

  document.addEventListener("keydown", (event) => {
    if (!isChoice(event.target)) return;
    const letter = event.key.length === 1 && event.key !== " ";
    if (STEPS.includes(event.key) || letter) event.target.dataset.stepped = "";
    else delete event.target.dataset.stepped;
    if (event.key === "Enter" && stepping === event.target) apply(event.target);
  });

  document.addEventListener("pointerdown", (event) => {
    if (isChoice(event.target)) delete event.target.dataset.stepped;
  });

  document.addEventListener("change", (event) => {
    if (!isChoice(event.target)) return;
    if ("stepped" in event.target.dataset) stepping = event.target;
    else apply(event.target);
  });

  document.addEventListener("focusout", (event) => {
    if (event.target === stepping) apply(event.target);
  });

  /* The answer replaces the page below its heading. Where the frames were scrolled to is kept, and so is a
     choice that was being made while the last one was sent. */
  let places = [];

  document.addEventListener("htmx:before:swap", () => {
    places = [...document.querySelectorAll(".sheet-frame")].map((frame) => [frame.id, frame.scrollLeft, frame.scrollTop]);
    if (stepping) waiting.set(stepping.name, stepping.value);
  });

  document.addEventListener("htmx:after:swap", () => {
    for (const [id, left, top] of places) {
      const frame = document.getElementById(id);
      if (frame) frame.scrollTo(left, top);
    }
    const again = waiting;
    waiting = new Map();
    for (const [name, value] of again) {
      const select = document.getElementById(name);
      if (!select || select.value === value) continue;
      select.value = value;
      if (stepping && stepping.name === name) stepping = select;
      else setTimeout(() => apply(select), 0);
    }
  });
})();
