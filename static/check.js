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

  /* The answer replaces the page below its heading. Where the frames were scrolled to, what was unfolded, what had
     focus and a choice that was being made meanwhile are kept. */
  let before = null;

  function keyOf(element) {
    return element.id || element.tagName + element.textContent.trim();
  }

  function ofCheck(event) {
    const target = event.detail.ctx.target;
    return target instanceof Element && target.id === "check";
  }

  document.addEventListener("htmx:before:swap", (event) => {
    if (!ofCheck(event)) return;
    const check = document.getElementById("check");
    const active = document.activeElement;
    before = {
      frames: [...check.querySelectorAll(".sheet-frame")].map((frame) => [frame.id, frame.scrollLeft, frame.scrollTop]),
      open: [...check.querySelectorAll("details[open] > summary")].map(keyOf),
      focus: check.contains(active) ? keyOf(active) : "",
    };
    if (stepping) waiting.set(stepping.name, stepping.value);
  });

  function putBack({ frames, open, focus }) {
    const check = document.getElementById("check");
    check.querySelectorAll("summary").forEach((summary) => {
      if (open.includes(keyOf(summary))) summary.parentElement.open = true;
    });
    const found = [...check.querySelectorAll("a[href], button, input, select, summary, [tabindex]")];
    const held = focus && found.find((element) => keyOf(element) === focus);
    if (held && !check.querySelector("[data-error-summary]")) held.focus({ preventScroll: true });
    for (const [id, left, top] of frames) {
      const frame = document.getElementById(id);
      if (frame) frame.scrollTo(left, top);
    }
  }

  document.addEventListener("htmx:after:swap", () => {
    if (!before) return;
    putBack(before);
    before = null;
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
