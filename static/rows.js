/* One row of a list is open at a time: opening another closes it, after what was typed there is saved as a draft.
   The first line of the open row stays in sight.

   It comes with the form of a row. A row whose text cannot be saved as a draft, or that holds files, stays open. */
(function () {
  "use strict";

  if (window.ilacsRows) return; // the script comes with each form
  window.ilacsRows = true;

  const settled = new WeakSet(); // links whose rows have been seen to
  let closing = [];              // the ids of the rows that close with the next one that opens

  const holdsFiles = (form) => Boolean(form.querySelector(".upload__line:not([data-is=Saved])")) ||
    [...form.querySelectorAll("input[type=file]")].some((input) => input.files.length > 0);

  // Whether all of a form but its files is saved as a draft: a very long text is not.
  async function keepDraft(form) {
    const line = form.querySelector("[data-quiet]");
    if (!line || form.hasAttribute("aria-busy")) return false;
    const typed = new FormData(form);
    form.querySelectorAll("input[type=file]").forEach((input) => typed.delete(input.name));
    try {
      const answer = await fetch(line.getAttribute("hx-post"), {
        method: "POST", body: typed, headers: { "HX-Request": "true" }, signal: AbortSignal.timeout(10000),
      });
      const words = await answer.text();
      if (answer.ok) line.textContent = words;
      return answer.ok && (!words.trim() || words.startsWith("Draft saved"));
    } catch {
      line.dispatchEvent(new Event("again")); // app.js says that it is not saved, and tries again
      return false;
    }
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest && event.target.closest("a[hx-get^='/actions/']");
    const place = link && link.closest("[data-ref]");
    if (!place || settled.delete(link) || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const forms = [...document.querySelectorAll("form.answer[hx-post]")].filter((form) => form.closest("[data-ref]"));
    if (!forms.length) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (link.hasAttribute("aria-busy")) return;
    link.setAttribute("aria-busy", "true");
    Promise.all(forms.map(keepDraft)).then((kept) => {
      link.removeAttribute("aria-busy");
      if (!link.isConnected) return;
      closing = forms.filter((form, n) => kept[n] && !holdsFiles(form) && !place.contains(form))
        .map((form) => form.closest("[data-ref]").id.replace("action-", ""));
      settled.add(link);
      link.click();
    });
  }, true);

  // After app.js has moved focus: the first line says what the row is about, so it is in sight with what has focus.
  document.addEventListener("htmx:after:swap", () => {
    const element = document.activeElement;
    const row = element && element.closest(".row--open, tbody.open");
    if (!row || row.getBoundingClientRect().top >= 0) return;
    row.scrollIntoView();
    if (element.getBoundingClientRect().bottom > innerHeight) element.scrollIntoView({ block: "nearest" });
  });

  document.addEventListener("htmx:config:request", (event) => {
    const { request, sourceElement } = event.detail.ctx;
    if (!request.action.includes("/row?open=1") || !sourceElement.matches(".verb")) return;
    closing.splice(0).forEach((id) => request.body.append("close", id));
  });
})();
