// Positions count code points, as everywhere in Yuanwen; JavaScript's strings count UTF-16 units.
// This is the one place where they are converted.

/** The UTF-16 offsets of ascending positions. */
export function offsets(text, positions) {
  const found = [];
  let offset = 0;
  let point = 0;
  for (const position of positions) {
    while (point < position && offset < text.length) {
      offset += text.codePointAt(offset) > 0xffff ? 2 : 1;
      point += 1;
    }
    found.push(point < position ? NaN : offset);
  }
  return found;
}

/** Whether exactly these characters stand there. */
export function stands(text, { start, end, quote }) {
  const [from, to] = offsets(text, [start, end]);
  return text.slice(from, to) === quote;
}

/**
 * The text as paragraphs, with the quote marked and, in it, the words that answer.
 * `place` is {start, end, highlights}, or null where nothing is to be marked.
 */
export function paragraphs(text, place) {
  const runs = place ? cut(text, place) : [{ text }];
  const found = [document.createElement("p")];
  for (const { text: run, classes } of runs) {
    run.split("\n").forEach((piece, line) => {
      if (line) found.push(document.createElement("p"));
      found.at(-1).append(classes ? marked(piece, classes) : piece);
    });
  }
  return found;
}

function cut(text, { start, end, highlights }) {
  const inner = highlights.map((span) => [Math.max(span.start, start), Math.min(span.end, end)]);
  inner.sort(([one], [other]) => one - other);
  const edges = [...new Set([start, ...inner.flat(), end])].sort((one, other) => one - other);
  const places = offsets(text, edges);
  const runs = [{ text: text.slice(0, places[0]) }];
  edges.slice(0, -1).forEach((edge, n) => {
    const strong = inner.some(([from, to]) => from <= edge && edge < to);
    runs.push({ text: text.slice(places[n], places[n + 1]), classes: strong ? ["yw-quote", "yw-strong"] : ["yw-quote"] });
  });
  return [...runs, { text: text.slice(places.at(-1)) }];
}

function marked(text, classes) {
  const mark = document.createElement("mark");
  mark.classList.add(...classes);
  mark.textContent = text;
  return mark;
}
