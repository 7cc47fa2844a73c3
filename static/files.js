/* A file that is too large is refused where it is chosen, before anything is sent. Loaded by every form that takes files;
   the server refuses it as well. A field with `data-largest` (bytes) takes one file or several and is checked here; that of
   evidence has lines of its own, and upload.js uses what is here. */
(function () {
  "use strict";

  if (window.ilacsFiles) return; // the script comes with each form that takes files

  // Says at the field that a file is too large, before anything is sent; without `words` takes that away again.
  function refuse(input, words) {
    const group = input.closest(".govuk-form-group"), id = `${input.id}-error`;
    const described = (input.getAttribute("aria-describedby") || "").split(" ").filter((one) => one && one !== id);
    document.getElementById(id)?.remove();
    if (words) {
      const line = document.createElement("p");
      line.id = id;
      line.className = "govuk-error-message";
      line.textContent = `Error: ${words}`;
      input.before(line);
      described.push(id);
      window.ilacsSay(words);
    }
    group.classList.toggle("govuk-form-group--error", Boolean(words));
    input.classList.toggle("govuk-file-upload--error", Boolean(words));
    input.toggleAttribute("aria-invalid", Boolean(words));
    if (words) input.setAttribute("aria-invalid", "true");
    if (described.length) input.setAttribute("aria-describedby", described.join(" "));
    else input.removeAttribute("aria-describedby");
  }

  document.addEventListener("change", (event) => {
    const input = event.target;
    if (!input.matches("input[type=file][data-largest]")) return;
    const large = [...input.files].find((file) => file.size > Number(input.dataset.largest));
    if (large) input.value = "";
    refuse(input, large ? `${large.name} is larger than ${input.dataset.largestWords}. ${input.dataset.smaller}` : "");
  });

  window.ilacsFiles = { refuse };
})();
