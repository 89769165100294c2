// The window with the collection: files in, files out, and which of them a question is about.

import { call, upload } from "./server.js";
import { fill, word } from "./words.js";

/**
 * `changed(documents)` hears of the list when it is not what it was, `failed(message)` when it
 * cannot be read, `chosen(ids)` of the documents that a question is limited to, `opened(id)` of one
 * to be shown.
 */
export function documentsWindow(dialog, { changed, failed, chosen, opened }) {
  const list = dialog.querySelector(".yw-list");
  const status = dialog.querySelector(".yw-status");
  const input = dialog.querySelector("input[type=file]");
  const drop = dialog.querySelector(".yw-drop");
  let only = new Set();
  let known = "";

  async function refresh() {
    try {
      const { documents } = await call("documents");
      const there = new Set(documents.map((each) => each.id));
      only = new Set([...only].filter((id) => there.has(id)));
      chosen([...only]);
      list.replaceChildren(...documents.map(row));
      fill(list);
      if (!documents.length) status.textContent = word("none");
      const now = documents.map((each) => each.id + each.sha256).join();
      if (now !== known || !now) changed(documents);
      known = now;
    } catch (error) {
      status.textContent = error.message;
      failed(error.message);
    }
  }

  function row(info) {
    const item = document.createElement("li");
    item.innerHTML = `<div><strong></strong><small></small></div>
      <label><input type="checkbox"> <span data-word="only"></span></label>
      <button type="button" data-word="open"></button>
      <button type="button" class="yw-remove" data-word="remove"></button>`;
    const name = info.title ?? info.source;
    const [check] = item.getElementsByTagName("input");
    const [show, remove] = item.getElementsByTagName("button");
    item.querySelector("strong").textContent = name;
    const size = word("characters", info.characters.toLocaleString());
    const facts = [info.publisher, info.date, info.title && info.source, size];
    item.querySelector("small").textContent = facts.filter(Boolean).join(" · ");
    for (const control of [check, show, remove])
      control.setAttribute("aria-description", name);
    check.checked = only.has(info.id);
    check.onchange = () => {
      check.checked ? only.add(info.id) : only.delete(info.id);
      chosen([...only]);
    };
    show.onclick = () => opened(info.id);
    remove.onclick = () => removal(remove, info.id, name);
    return item;
  }

  /** The second click removes; to look elsewhere is to think better of it. */
  async function removal(button, id, name) {
    if (!button.classList.contains("yw-sure")) {
      button.classList.add("yw-sure");
      button.textContent = word("sure");
      button.onblur = () => {
        button.classList.remove("yw-sure");
        button.textContent = word("remove");
      };
      return;
    }
    button.disabled = true;
    try {
      await call(`documents/${encodeURIComponent(id)}`, "DELETE");
      status.textContent = word("removed", name);
    } catch (error) {
      status.textContent = error.message;
    }
    await refresh();
  }

  /** One after the other, each in a line of its own that says how far it is and what became of it. */
  async function add(files) {
    const waiting = [...files].map((file) => [file, line(file.name)]);
    for (const [file, say] of waiting) {
      try {
        const sent = (share) =>
          share < 1 ? say(word("sending", Math.round(share * 100)), share) : say(word("reading"));
        const outcomes = await upload(file, sent);
        if (!outcomes.length) throw new Error(word("nothing"));
        const last = outcomes.map((each) => outcome(each, file.name)).join(" · ");
        say(last, 1, outcomes.every((each) => each.document_id) ? "done" : "refused");
      } catch (error) {
        say(word("skipped", error.message), 1, "refused");
      }
    }
    await refresh();
  }

  /** With the name of a part of an archive. */
  function outcome({ name, document_id, reason }, archive) {
    const said = document_id ? word("added") : word("skipped", reason);
    return `${name.replace(archive, "")} ${said}`.trim();
  }

  function line(name) {
    const item = document.createElement("li");
    item.innerHTML = "<strong></strong> <progress></progress> <span></span>";
    const [label, bar, said] = item.children;
    label.textContent = name;
    bar.setAttribute("aria-label", name);
    bar.value = 0;
    said.textContent = word("queued");
    dialog.querySelector(".yw-uploads").append(item);
    return (text, share, state = "") => {
      said.textContent = text;
      share === undefined ? bar.removeAttribute("value") : (bar.value = share);
      bar.hidden = state !== "";
      item.className = state && `yw-${state}`;
    };
  }

  input.onchange = () => {
    add(input.files);
    input.value = "";
  };
  // Anywhere on the page: a file dropped beside its place would open instead of the page.
  const carriesFiles = (event) => event.dataTransfer.types.includes("Files");
  document.addEventListener("dragover", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    drop.classList.add("yw-over");
  });
  document.addEventListener("dragleave", () => drop.classList.remove("yw-over"));
  document.addEventListener("drop", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    drop.classList.remove("yw-over");
    dialog.showModal();
    add(event.dataTransfer.files);
  });

  return {
    refresh,
    show: () => {
      status.textContent = "";
      dialog.showModal();
      return refresh();
    },
    askAll: () => {
      only.clear();
      return refresh();
    },
  };
}
