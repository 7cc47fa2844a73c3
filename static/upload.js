/* Several files at once: each gets a line that says what it shows, and is sent by a request of its own.

   Loaded where a form takes files; without it the same form sends all of them at once, with the same words. In a form that saves more than
   evidence, one file stays part of the form (all or nothing); from two on, and in a form marked
   `data-upload-all` from the first, they become lines. Saving the form sends the lines first, one after the
   other; what else was typed is sent when every line is saved. A failed line goes again with the same `once`. */
(function () {
  "use strict";

  if (window.ilacsUpload) return; // the script comes with each form that takes files
  window.ilacsUpload = true;

  const ONE_MINUTE = 60000;
  const WAITING = "Waiting", SAVING = "Saving", SAVED = "Saved", REFUSED = "Refused", FAILED = "Not saved";
  const lines = new WeakMap(); // line -> { file, once, state }
  let number = 0;

  const say = (words) => window.ilacsSay(words);
  const refuse = (input, words) => window.ilacsFiles.refuse(input, words);
  const boxOf = (element) => element.closest && element.closest("[data-upload]");
  const linesOf = (form) => [...form.querySelectorAll(".upload__line")];
  const open = (form) => linesOf(form).filter((line) => lines.get(line).state !== SAVED);

  function sizeOf(bytes) {
    return bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1000))} KB` : `${(bytes / 1e6).toFixed(1)} MB`;
  }

  // `why` is text of ours, or what the server answered, taken as text.
  function show(line, state, why) {
    const held = lines.get(line);
    held.state = state;
    held.why = why;
    line.dataset.is = state;
    const place = line.querySelector("[data-state]");
    place.replaceChildren();
    const word = document.createElement("strong");
    word.textContent = state + (why ? ": " : "");
    place.append(word, why || "");
    line.querySelector("[data-again]").hidden = state !== FAILED;
    line.querySelector("[data-fields]").hidden = state === SAVED || state === REFUSED;
    line.querySelectorAll("[data-of]").forEach((field) => { field.disabled = state === SAVING; });
    line.querySelector("[data-remove]").hidden = state === SAVING || state === SAVED;
    settle(line);
  }

  // The fields of a single piece are there while no file waits in a line, or where a link was typed.
  function settle(line) {
    const form = line.closest("form");
    form.querySelector("[data-single]").hidden = open(form).length > 0 && !form.querySelector("[name=url]").value;
    form.querySelector("[data-lines]").hidden = !linesOf(form).length;
  }

  function addLine(box, file) {
    const line = box.querySelector("template[data-line]").content.firstElementChild.cloneNode(true);
    number += 1;
    line.querySelectorAll("[id]").forEach((field) => { field.id += number; });
    line.querySelectorAll("[for]").forEach((label) => { label.htmlFor += number; });
    line.querySelector("[data-name]").textContent = file.name;
    line.querySelector("[data-size]").textContent = sizeOf(file.size);
    line.querySelectorAll("[data-named]").forEach((words) => { words.textContent = ` ${file.name}`; });
    line.querySelectorAll("[data-of]").forEach((field) => {
      const main = box.querySelector(`[name=${field.dataset.of}]`);
      if (main) field.value = main.value;
    });
    lines.set(line, { file, once: crypto.randomUUID ? crypto.randomUUID() : `${Date.now()}-${Math.random()}` });
    box.querySelector("[data-lines]").append(line);
    show(line, WAITING);
    if (file.size > Number(box.dataset.largest)) tooLarge(line);
    return line;
  }

  function tooLarge(line) {
    show(line, REFUSED, `it is larger than ${boxOf(line).dataset.largestWords}. Make it smaller, or give a link to it.`);
  }

  function take(box, files) {
    const input = box.querySelector("input[type=file]");
    const form = box.closest("form");
    refuse(input, "");
    if (files.length === 1 && !linesOf(form).length && files[0].size > Number(box.dataset.largest)) {
      if (!input.dataset.held) input.value = "";
      refuse(input, `${files[0].name} is larger than ${box.dataset.largestWords}. Make it smaller, or give a link to it.`);
      return;
    }
    if (files.length === 1 && !("uploadAll" in form.dataset) && !linesOf(form).length && !input.dataset.held) {
      const one = new DataTransfer();
      one.items.add(files[0]);
      input.files = one.files;
      input.dataset.held = files[0].name;
      say(`${files[0].name} chosen`);
      return;
    }
    if (input.dataset.held) files = [...input.files, ...files]; // one was held, and others were dropped beside it
    input.value = "";
    delete input.dataset.held;
    const made = files.map((file) => addLine(box, file));
    const shows = box.querySelector("[name=shows]");
    if (shows) shows.value = "";
    say(`${made.length} ${made.length === 1 ? "file" : "files"} waiting`);
    made[0].querySelector("[data-of=shows]").focus();
  }

  document.addEventListener("change", (event) => {
    const box = event.target.matches("input[type=file]") && boxOf(event.target);
    if (!box) return;
    const files = [...event.target.files];
    delete event.target.dataset.held;
    if (files.length) take(box, files);
  });

  // Only a browser with scripts takes a drop beside the field; it goes to the form that it falls on.
  function ready(root) {
    root.querySelectorAll("[data-several]").forEach((words) => { words.hidden = false; });
  }

  const dropAt = (event) => {
    const form = event.target.closest && event.target.closest("form:has([data-upload])");
    return form && [...event.dataTransfer.types].includes("Files") ? form.querySelector("[data-upload]") : null;
  };

  document.addEventListener("dragover", (event) => {
    const box = dropAt(event);
    document.querySelectorAll(".upload--over").forEach((other) => { if (other !== box) other.classList.remove("upload--over"); });
    if (!box) return;
    event.preventDefault();
    box.classList.add("upload--over");
  });

  document.addEventListener("drop", (event) => {
    const box = dropAt(event);
    if (!box) return;
    event.preventDefault();
    box.classList.remove("upload--over");
    const around = box.closest("details");
    if (around) around.open = true;
    take(box, [...event.dataTransfer.files]);
  });

  document.addEventListener("click", (event) => {
    const line = event.target.closest && event.target.closest(".upload__line");
    if (!line) return;
    if (event.target.closest("[data-again]")) sendLines(line.closest("form"), [line]);
    if (event.target.closest("[data-remove]")) {
      const box = boxOf(line);
      const next = line.nextElementSibling || line.previousElementSibling;
      say(`${lines.get(line).file.name} removed`);
      line.remove();
      settle(box);
      (next?.querySelector("[data-remove]:not([hidden])") || box.querySelector("input[type=file]")).focus();
    }
  });

  async function sendOne(form, line) {
    const held = lines.get(line);
    const data = new FormData();
    data.append("csrf_token", form.querySelector("[name=csrf_token]").value);
    data.append("once", held.once);
    line.querySelectorAll("[data-of]").forEach((field) => data.append(field.dataset.of, field.value));
    data.append("file", held.file);
    show(line, SAVING);
    say(`Saving ${held.file.name}`);
    let answer;
    try {
      answer = await fetch(boxOf(line).dataset.upload, {
        method: "POST",
        body: data,
        headers: { "HX-Request": "true", "HX-Current-URL": location.href },
        signal: AbortSignal.timeout(ONE_MINUTE * (1 + Math.ceil(held.file.size / 5e6))),
      });
    } catch {
      return show(line, FAILED, "we could not connect. The file is still here. ");
    }
    if (answer.headers.get("HX-Redirect")) return show(line, FAILED, "you have been signed out. Sign in in another tab, then try again. ");
    if (answer.ok) return saved(line, parsed(await answer.text()));
    if (answer.status === 422) return refused(line, await answer.text());
    if (answer.status === 413) return tooLarge(line);
    if (answer.status < 500) return show(line, REFUSED, "you cannot add evidence here, or the page is out of date. Refresh the page.");
    return show(line, FAILED, "the service is not available just now. The file is still here. ");
  }

  // The page of an action's evidence lists what it has, so the list follows what was saved.
  function saved(line, answer) {
    document.getElementById("evidence-here")?.replaceChildren(...(answer.querySelector("[data-here]")?.childNodes || []));
    show(line, SAVED, answer.querySelector("[data-warning]")?.textContent);
  }

  const parsed = (html) => new DOMParser().parseFromString(html, "text/html");

  function refused(line, html) {
    const found = [...parsed(html).querySelectorAll("[data-field]")];
    // A line may be sent again once it is put right; what is wrong with the file itself cannot be.
    const ofFile = found.some((one) => one.dataset.field === "file");
    show(line, ofFile ? REFUSED : WAITING, found.map((one) => one.textContent.replace("Error: ", "")).join(" "));
    line.querySelectorAll("[data-of]").forEach((field) => {
      const bad = found.some((one) => one.dataset.field === field.dataset.of);
      field.toggleAttribute("aria-invalid", bad);
      field.classList.toggle("govuk-input--error", bad);
    });
  }

  async function sendLines(form, wanted) {
    form.setAttribute("aria-busy", "true");
    for (const line of wanted) await sendOne(form, line); // one after the other
    form.removeAttribute("aria-busy");
    const left = open(form);
    const saved = linesOf(form).length - left.length;
    const warned = wanted.some((line) => lines.get(line).why && lines.get(line).state === SAVED);
    const unsaid = left.some((line) => line.querySelector("[data-of=shows][aria-invalid]"));
    const count = `${saved} ${saved === 1 ? "file" : "files"} saved${left.length ? `, ${left.length} not saved` : ""}`;
    say((unsaid && !saved ? "" : count) + (unsaid ? `${saved ? ". " : ""}Say what each file shows before you save` : "") +
      (warned ? ". Read the warning beside it" : ""));
    if (left.length) {
      const first = left[0];
      (first.querySelector("[aria-invalid]") || first.querySelector("[data-again]:not([hidden])") ||
        first.querySelector("[data-remove]")).focus();
    }
    return !left.length;
  }

  // Whether there is more in the form than its lines.
  function typed(form) {
    return [...form.elements].some((field) => {
      if (!field.name || field.type === "hidden" || field.disabled) return false;
      if (field.type === "file") return field.files.length > 0;
      if (field.closest("[data-upload]") && field.name !== "url") return false;
      if (field.type === "radio" || field.type === "checkbox") return field.checked !== field.defaultChecked;
      if (field.matches("select")) return [...field.options].some((one) => one.selected !== one.defaultSelected && one.selected && one.value);
      return field.value !== field.defaultValue;
    });
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    const wanted = form.querySelector("[data-upload]") ? open(form) : [];
    if (!wanted.length) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (form.hasAttribute("aria-busy")) return;
    const button = event.submitter;
    sendLines(form, wanted.filter((line) => lines.get(line).state !== REFUSED)).then((all) => {
      if (all && form.isConnected && typed(form)) form.requestSubmit(button);
      else if (all) (button || form).focus();
    });
  }, true);

  window.addEventListener("beforeunload", (event) => {
    if ([...document.querySelectorAll("form")].some((form) => form.querySelector("[data-upload]") && open(form).length)) event.preventDefault();
  });

  document.addEventListener("htmx:after:swap", () => ready(document));
  ready(document);
})();
