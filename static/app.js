/* What the page does beyond htmx. Every form and link works without it.

   1 Focus     after a swap, and on load, focus goes to the first element with `data-focus` (on load an
               error summary comes first); the mark is then taken off. It never falls to the body.
   2 Sending   a form is sent once at a time.
   3 Not saved no answer within the time, no network or a 5xx: the form keeps its text, a box in it says
               so and sends the same form again, with the same `once`. A draft is sent again by itself. */
(function () {
  "use strict";

  const ONE_MINUTE = 60000;

  /* 1 Focus ---------------------------------------------------------------------------------------- */

  function focusOn(element) {
    const own = element.matches("a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]");
    if (!own) {
      element.setAttribute("tabindex", "-1");
      element.addEventListener("blur", () => element.removeAttribute("tabindex"), { once: true });
    }
    // The browser scrolls only as far as the element needs to be seen: nothing jumps.
    element.focus();
    return document.activeElement === element;
  }

  function visible(element) {
    return element.checkVisibility ? element.checkVisibility() : element.getClientRects().length > 0;
  }

  // Takes every mark off, so that a later swap finds only its own.
  function focusMarked() {
    const marked = [...document.querySelectorAll("[data-focus]")];
    marked.forEach((element) => element.removeAttribute("data-focus"));
    const first = marked.find(visible);
    return first ? focusOn(first) : false;
  }

  function focusIsLost() {
    const active = document.activeElement;
    return !active || active === document.body || !active.isConnected || !visible(active);
  }

  // Where focus goes when what had it was taken away and nothing was marked: the place that was
  // answered, else its heading, else the page's.
  function focusNear(id) {
    const place = id && document.getElementById(id);
    const inside = place && (place.querySelector(".verb") ||
      place.querySelector("a[href], button, input:not([type=hidden]), select, textarea"));
    const next = inside || place || document.querySelector("main h1") || document.getElementById("main");
    if (next) focusOn(next);
  }

  function onLoad() {
    const summary = document.querySelector("[data-error-summary]");
    if (summary) {
      document.querySelectorAll("[data-focus]").forEach((element) => element.removeAttribute("data-focus"));
      focusOn(summary);
    } else if (!location.hash) {
      focusMarked();
    }
  }

  // A link in an error summary goes to its field, with the label in sight.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-error-summary] a[href^='#']");
    const field = link && document.getElementById(link.hash.slice(1));
    if (!field) return;
    event.preventDefault();
    const group = field.closest(".govuk-form-group") || field;
    focusOn(field);
    if (group.getBoundingClientRect().top < 0) group.scrollIntoView();
  });

  let targetId = "";
  document.addEventListener("htmx:before:swap", (event) => {
    const target = event.detail.ctx.target;
    targetId = (target instanceof Element && target.id) || "";
  });

  // htmx answers here after all parts of one answer are in the page, the out-of-band ones too.
  document.addEventListener("htmx:after:swap", () => {
    if (!focusMarked() && focusIsLost()) focusNear(targetId);
  });

  /* 2 Sending ---------------------------------------------------------------------------------------- */

  const sending = new WeakSet();
  const submitters = new WeakMap();

  function markSending(form) {
    sending.add(form);
    form.setAttribute("aria-busy", "true");
    const busy = form.querySelector(".while-busy, .htmx-indicator");
    if (busy) say(busy.textContent.trim());
  }

  function markFree(form) {
    sending.delete(form);
    form.removeAttribute("aria-busy");
  }

  // In the capture phase: before htmx sees it. The button stays enabled, so that it keeps focus.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (sending.has(form)) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    submitters.set(form, event.submitter);
  }, true);

  // htmx prevents the browser's own submit; what comes through here leaves the page. A download does
  // not leave it, and Back may bring it again: so the mark ends by itself.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || (form.getAttribute("method") || "").toLowerCase() !== "post") return;
    markSending(form);
    setTimeout(() => markFree(form), 5000);
  });

  window.addEventListener("pageshow", (event) => {
    if (event.persisted) document.querySelectorAll("form[aria-busy]").forEach(markFree);
  });

  // The form whose values were sent. A link inside a form that only fetches sends nothing.
  function formOf(event) {
    const { request, sourceElement } = event.detail.ctx || {};
    if (!request || !(sourceElement instanceof Element) || sourceElement.matches("[data-quiet]")) return null;
    if (request.method === "GET") return sourceElement.matches("form") ? sourceElement : null;
    return request.form || sourceElement.closest("form");
  }

  // A file takes its time: a minute more for each 5 MB.
  document.addEventListener("htmx:config:request", (event) => {
    const request = event.detail.ctx.request;
    let size = 0;
    for (const value of request.body instanceof FormData ? request.body.values() : []) {
      if (value instanceof File) size += value.size;
    }
    if (size) request.timeout = ONE_MINUTE * (1 + Math.ceil(size / 5e6));
  });

  const unanswered = new WeakSet();
  document.addEventListener("htmx:before:request", (event) => {
    const form = formOf(event);
    document.querySelectorAll(".no-answer").forEach((words) => words.remove());
    if (!form) return;
    unanswered.delete(form);
    markSending(form);
  });

  document.addEventListener("htmx:finally:request", (event) => {
    const form = formOf(event);
    if (!form) return;
    markFree(form);
    const box = form.querySelector(".not-saved");
    if (!box || unanswered.has(form)) return;
    box.remove();
    const place = form.closest("[id]");
    if (form.isConnected && focusIsLost()) focusNear(place && place.id);
  });

  // What is done needs evidence: its fields open with that answer.
  document.addEventListener("change", (event) => {
    const proof = event.target.matches("[name=answer][value=done]") && event.target.form.querySelector(".proof");
    if (proof) proof.open = true;
  });

  /* 3 Not saved ----------------------------------------------------------------------------------------- */

  // Speaks in the one status region; `beside` leaves what it shows, such as what was saved.
  function say(words, beside = false) {
    const status = document.getElementById("status"), line = document.createElement("p");
    if (!status) return;
    line.className = "govuk-visually-hidden";
    status.querySelectorAll(`:scope > ${beside ? "p" : "*"}`).forEach((old) => old.remove());
    status.append(line);
    // A moment later: the same words twice would not be spoken twice.
    setTimeout(() => { line.textContent = words; }, 60);
  }
  window.ilacsSay = say;

  function fromTemplate(id) {
    return document.getElementById(id).content.firstElementChild.cloneNode(true);
  }

  // The same form again, from the same button: so the same fields, files and `once`.
  function sendAgain(form, source) {
    const button = submitters.get(form);
    if (source !== form) source.click();
    else form.requestSubmit(button && button.isConnected && button.form === form ? button : null);
  }

  function notSaved(form, source) {
    unanswered.add(form);
    let box = form.querySelector(".not-saved");
    if (!box) {
      box = fromTemplate("not-saved");
      box.querySelector("button").addEventListener("click", () => sendAgain(form, source));
      const buttons = form.querySelector(".buttons");
      if (buttons) buttons.before(box);
      else form.append(box);
    }
    say(box.querySelector("p").textContent);
    if (document.activeElement === submitters.get(form) || focusIsLost()) box.querySelector("button").focus();
  }

  // A link that opens a row: the page, and what is typed elsewhere in it, stays.
  function noAnswer(source) {
    const words = fromTemplate("no-answer");
    source.after(words);
    say(words.textContent);
  }

  // Until the network is back, every few seconds; a template's trigger adds the moment at which it is.
  const retries = new WeakMap();
  function notKept(line) {
    if (!retries.has(line)) say("Draft not saved. We could not connect and will try again. Your text is still here.");
    line.textContent = "Draft not saved";
    clearTimeout(retries.get(line));
    retries.set(line, setTimeout(() => line.dispatchEvent(new Event("again")), 5000));
  }

  document.addEventListener("htmx:after:swap", (event) => {
    const line = event.detail.ctx.target;
    clearTimeout(retries.get(line));
    if (retries.delete(line)) say(line.textContent);
  });

  function failed(event) {
    const { request, sourceElement } = event.detail.ctx;
    const form = formOf(event);
    if (sourceElement.matches("[data-quiet]")) notKept(sourceElement);
    else if (form && request.method !== "GET") notSaved(form, sourceElement);
    else noAnswer(sourceElement);
  }

  // No network, no answer within the time, or cut off in the middle. A fault after that is in the swap.
  document.addEventListener("htmx:error", (event) => {
    if (event.detail.ctx && event.detail.ctx.text === undefined) failed(event);
  });

  document.addEventListener("htmx:response:error", (event) => {
    if (event.detail.ctx.response.status >= 500) failed(event);
  });

  onLoad(); // deferred: the page is read
})();
