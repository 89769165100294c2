// The turns: what was asked, and the answers' bodies, which the API gives as well.

import { saveTurns, savedTurns } from "./saved.js";

const REMEMBERED = 20;

/** @returns the conversation of this browser: {question, documents, body, gone} a turn. */
export function conversation() {
  let turns = savedTurns().filter((turn) => typeof turn?.question === "string");

  return {
    get length() {
      return turns.length;
    },
    /** Counted from 1. */
    turn: (number) => turns[number - 1],
    all: () => turns,
    add(question, documents) {
      turns.push({ question, documents, body: null, gone: false });
      saveTurns(turns);
    },
    answer(number, body, gone) {
      turns[number - 1] = { ...turns[number - 1], body, gone };
      saveTurns(turns);
    },
    cut(number) {
      turns = turns.slice(0, number);
      saveTurns(turns);
    },
    /** What was said before a turn, as /ask takes it. */
    before: (number) =>
      turns
        .slice(0, number - 1)
        .filter((turn) => turn.body)
        .map((turn) => ({ question: turn.question, answer: turn.body.answer }))
        .slice(-REMEMBERED),
  };
}

/** An answer as text, with where each of its quotes stands. */
export function withSources(body) {
  const sources = body.citations.map(({ n, title, publisher, date, source, page, quote }) => {
    const origin = [title, publisher, date, source, page && `p. ${page}`].filter(Boolean);
    return `[${n}] ${origin.join(", ")}: “${quote}”`;
  });
  return [body.question, body.answer, ...sources].join("\n\n");
}
