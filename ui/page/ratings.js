// Thumbs up and down, kept in this browser and exported as questions for `yuanwen eval`.

import { saveRatings, savedRatings } from "./saved.js";
import { fill, word } from "./words.js";

/**
 * Keep what is thought of an answer, once for each question. `right` is the answer that would have
 * been right: "" where the documents have none, undefined where the answer itself is.
 */
export function rate(body, right) {
  const question = body.resolved_question ?? body.question;
  const others = savedRatings().filter((each) => each.question !== question);
  saveRatings([...others, { question, ...gold(body, right) }]);
}

/** A question of an evaluation set that this answer gets right, or ought to. */
function gold(body, right) {
  if (right !== undefined) return { answers: right ? [right] : [] };
  if (body.abstained) return { answers: [] };
  const [{ source, quote }] = body.citations;
  const short = body.short_answers.map((each) => each.text);
  return { answers: short.length ? [...new Set(short)] : [quote], source, evidence: quote };
}

/** One question a line, as `eval/sets` have them. */
export function exported() {
  return savedRatings()
    .map((each, n) => `${JSON.stringify({ id: `rated-${n + 1}`, ...each })}\n`)
    .join("");
}

export function download() {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([exported()], { type: "application/jsonl" }));
  link.download = "rated.jsonl";
  link.click();
  URL.revokeObjectURL(link.href);
}

/** Asks what would have been right; `told` hears it. */
export function correction(told) {
  const form = document.createElement("form");
  form.className = "yw-correction";
  form.innerHTML = `<label><span data-word="right"></span> <input required maxlength="500"></label>
    <button type="submit" data-word="keep"></button>
    <button type="button" data-word="nowhere"></button>`;
  fill(form);
  const finish = (right) => {
    form.remove();
    told(right);
  };
  form.onsubmit = (event) => {
    event.preventDefault();
    finish(form.querySelector("input").value.trim());
  };
  form.querySelector("button[type=button]").onclick = () => finish("");
  return form;
}

export const countWords = () => {
  const number = savedRatings().length;
  return number ? word("export", number) : "";
};
