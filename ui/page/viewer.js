// A document in a window of its own, at the quote.

import { paragraphs, stands } from "./places.js";
import { call } from "./server.js";
import { word } from "./words.js";

let wanted = 0;

/**
 * Show a document. `place` is a citation, or a hit with its text as `quote`; without one nothing is
 * marked. A quote that has moved since is marked where it stands now; one that is gone is not.
 */
export async function open(viewer, documentId, place = null) {
  const mine = ++wanted; // one that comes late must not take the place of the next
  const title = viewer.querySelector("h2");
  const status = viewer.querySelector(".yw-status");
  const article = viewer.querySelector("article");
  title.textContent = place?.title ?? word("untitled");
  status.textContent = word("loading");
  viewer.querySelector(".yw-origin").textContent = "";
  article.replaceChildren();
  viewer.showModal();
  try {
    const whole = await call(`documents/${encodeURIComponent(documentId)}`);
    const found = place && (await now(whole.text, documentId, place));
    if (mine !== wanted) return;
    title.textContent = whole.title ?? word("untitled");
    const page = place?.page ? word("page", place.page) : null;
    viewer.querySelector(".yw-origin").textContent = [whole.publisher, whole.date, whole.source, page]
      .filter(Boolean)
      .join(" · ");
    status.textContent = !place || found === place ? "" : word(found ? "moved" : "unfound");
    article.lang = whole.language ?? "";
    article.replaceChildren(...paragraphs(whole.text, found));
  } catch (error) {
    if (mine !== wanted) return;
    status.textContent = error.message;
  }
  const mark = article.querySelector("mark");
  mark?.scrollIntoView({ block: "center" });
  if (mark) mark.tabIndex = -1;
  (mark ?? article).focus({ preventScroll: true });
}

/** The place itself where the quote stands there, else where it stands now; null where nowhere. */
async function now(text, documentId, place) {
  if (stands(text, place)) return place;
  const citation = { n: 1, document_id: documentId, start: place.start, end: place.end };
  const checked = await call("verify", "POST", {
    citations: [{ ...citation, quote: place.quote, highlights: place.highlights }],
  });
  const { start, end } = checked.citations[0];
  if (start === null) return null;
  const moved = (span) => ({ start: span.start + start - place.start, end: span.end + start - place.start });
  return { ...place, start, end, highlights: place.highlights.map(moved) };
}
