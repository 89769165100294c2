// Gradio runs this once, when the page is there: `element` holds page.html, `trigger` calls the
// handlers in chat.py, and what they yield arrives in `props.value`.
const address = new URL("page/main.js", document.baseURI);
import(address).then(({ start }) =>
  start(element, {
    ask: (turn) => trigger("ask", turn),
    restore: (saved) => trigger("restore", saved),
    halt: () => trigger("halt"),
    told: (hear) => watch("value", () => hear(props.value)),
  }),
);
