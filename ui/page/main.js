// The page: what is clicked and typed here goes to the server, what comes back is put in its place.

import { conversation, withSources } from "./conversation.js";
import { documentsWindow } from "./documents.js";
import { correction, countWords, download, rate } from "./ratings.js";
import { savedChoice, saveChoice, stored } from "./saved.js";
import { call } from "./server.js";
import { open } from "./viewer.js";
import { fill, preferred, speak, word } from "./words.js";

const LOOK_AFTER_MS = 3_000;

function element(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content.firstElementChild;
}

/**
 * `page` holds page.html. `server` has ask(turn) and halt(), and told(hear): `hear` gets what is new
 * of a turn, {number, html, body, gone, done}; restore({turns}) resolves to that of each, suggest()
 * to questions.
 */
export function start(page, server) {
  const find = (selector) => page.querySelector(selector);
  const [log, examples, box] = [".yw-log", ".yw-examples", "textarea"].map(find);
  const [form, status, filter] = [".yw-composer", ".yw-composer .yw-status", ".yw-filter"].map(find);
  const [submit, halt] = [".yw-composer [type=submit]", "[data-do=stop]"].map(find);
  const talk = conversation();
  let chosen = [];
  let asking = 0; // the number of the turn that is being answered
  let sent = 0; // questions since the page was opened
  let heard = 0; // that of which there may be news: a refusal's suggestions come after the answer

  const say = (text) => (status.textContent = text);

  // ---- asking -------------------------------------------------------------------------------

  function ask(question) {
    const text = question.toWellFormed().trim(); // half a character is none to the server
    if (!text || asking) return say(word(asking ? "waiting" : "empty"));
    talk.add(text, chosen);
    send(talk.length);
    return true;
  }

  const askTyped = () => ask(box.value) && (box.value = "");

  function send(number) {
    const { question, documents } = talk.turn(number);
    put(unanswered(number, question, '<p class="yw-searching" data-word="searching"></p>'));
    wait(number);
    heard = ++sent;
    const body = { question, history: talk.before(number), filters: { documents } };
    server.ask({ number, sent, ask: body });
    watch(sent);
  }

  function wait(number) {
    asking = number;
    submit.hidden = Boolean(number);
    halt.hidden = !number;
    log.ariaBusy = String(Boolean(number)); // only what it comes to is read out
    say("");
  }

  /** Gradio does not tell a script that the server is gone, or lets it in no more. */
  async function watch(question) {
    const waiting = () => asking && sent === question;
    while (waiting()) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_AFTER_MS));
      if (!waiting()) return;
      try {
        await call("health");
      } catch (error) {
        if (waiting()) stop(error.message);
      }
    }
  }

  function stop(why) {
    server.halt();
    heard = 0;
    const again = '<button type="button" class="yw-retry" data-do="retry" data-word="retry"></button>';
    const turn = unanswered(asking, talk.turn(asking).question, `<p class="yw-problem"></p>${again}`);
    turn.querySelector(".yw-problem").textContent = why;
    put(turn);
    talk.answer(asking, null, false);
    wait(0);
  }

  function unanswered(number, question, said) {
    const html = `<section class="yw-turn" id="t${number}">
      <div class="yw-talk"><h2 class="yw-question"></h2>${said}</div></section>`;
    const turn = element(html);
    turn.querySelector("h2").textContent = question;
    return turn;
  }

  /** In the place of what was said of the same turn before. */
  function put(turn) {
    fill(turn);
    const before = document.getElementById(turn.id);
    before ? before.replaceWith(turn) : log.append(turn);
    if (!before) turn.scrollIntoView({ behavior: "smooth", block: "start" });
  }

  function show({ number, html, body, gone, done }) {
    if (number > talk.length) return;
    put(element(html));
    if (!done) return;
    talk.answer(number, body, gone);
    if (number === asking) wait(0);
    if (!stored()) say(word("unsaved"));
  }

  /** What quotes a document that is gone goes with it. */
  async function restore() {
    try {
      const turns = talk.all().slice(0, asking ? asking - 1 : undefined);
      const same = ({ number }) => talk.turn(number) === turns[number - 1] && number !== asking;
      if (turns.length) (await server.restore({ turns })).filter(same).forEach(show);
      else examples.replaceChildren(...(await server.suggest()).map(example));
    } catch (error) {
      say(word("failed", error.message ?? error));
    }
  }

  function fresh() {
    if (asking) stop(word("stopped"));
    heard = 0;
    talk.cut(0);
    log.replaceChildren();
    box.focus();
    restore();
  }

  server.told((update) => update.sent === heard && show(update));

  function example(question) {
    const button = document.createElement("button");
    button.type = "button";
    button.dataset.ask = question;
    button.textContent = question;
    return button;
  }

  // ---- what stands in an answer -------------------------------------------------------------

  const ofTurn = (element) => talk.turn(Number(element.closest(".yw-turn").id.slice(1)));

  function openPlace(element) {
    const { body } = ofTurn(element);
    const { list, n } = element.dataset;
    const place = body[list][Number(n)];
    return open(find(".yw-viewer"), place.document_id, { highlights: [], quote: place.text, ...place });
  }

  async function copy(element) {
    try {
      await navigator.clipboard.writeText(withSources(ofTurn(element).body));
      say(word("copied"));
    } catch {
      say(word("uncopied"));
    }
  }

  function judge(element, right) {
    rate(ofTurn(element).body, right);
    for (const each of element.parentElement.querySelectorAll("[data-do=up], [data-do=down]"))
      each.setAttribute("aria-pressed", String(each === element));
    say(word(stored() ? "thanks" : "unsaved"));
    countRatings();
  }

  function askRight(element) {
    element.parentElement.parentElement.querySelector(".yw-correction")?.remove();
    const asked = correction((right) => judge(element, right));
    element.parentElement.after(asked);
    asked.querySelector("input").focus();
  }

  function countRatings() {
    const button = find("[data-do=export]");
    button.textContent = countWords();
    button.hidden = !button.textContent;
  }

  // ---- the collection -----------------------------------------------------------------------

  const documents = documentsWindow(find(".yw-documents"), {
    opened: (id) => open(find(".yw-viewer"), id),
    chosen(ids) {
      chosen = ids;
      filter.hidden = !ids.length;
      filter.firstElementChild.textContent = word("filtered", ids.length);
    },
    failed: say,
    changed(list) {
      find(".yw-count").textContent = list.length;
      restore();
    },
  });

  // ---- how it looks -------------------------------------------------------------------------

  function dark(wanted) {
    document.body.classList.toggle("dark", wanted);
    find("[data-do=theme]").setAttribute("aria-pressed", String(wanted));
  }

  function sayIn(language) {
    speak(page, language);
    find("[data-do=language]").value = document.documentElement.lang;
    documents.refresh();
    countRatings();
  }

  // ---- everything that is clicked -----------------------------------------------------------

  const DO = {
    ask: (element) => ask(element.dataset.ask),
    stop: () => stop(word("stopped")),
    fresh,
    retry: (element) => asking || send(Number(element.closest(".yw-turn").id.slice(1))),
    place: openPlace,
    copy,
    up: (element) => judge(element),
    down: askRight,
    export: download,
    documents: documents.show,
    unfilter: documents.askAll,
    close: (element) => element.closest("dialog").close(),
    theme() {
      dark(!document.body.classList.contains("dark"));
      saveChoice("dark", document.body.classList.contains("dark"));
    },
  };

  page.addEventListener("click", (event) => {
    const element = event.target.closest("[data-do], [data-ask]");
    const action = element && DO[element.dataset.do ?? "ask"];
    if (!action) return;
    event.preventDefault();
    action(element);
  });
  find("[data-do=language]").addEventListener("change", (event) => {
    saveChoice("language", event.target.value);
    sayIn(event.target.value);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    askTyped();
  });
  box.addEventListener("keydown", (event) => {
    // Enter that chooses a word of an input method sends nothing.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    askTyped();
  });
  // Somebody else, or another window, may have changed the collection.
  document.addEventListener("visibilitychange", () => document.hidden || documents.refresh());

  dark(savedChoice("dark") ?? matchMedia("(prefers-color-scheme: dark)").matches);
  sayIn(savedChoice("language") ?? preferred());
  box.focus();
}
