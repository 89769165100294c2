// Gradio runs this once, when the page is there: `element` holds page.html, `trigger` and `server`
// call what stands in chat.py, and what an event yields arrives in `props.value`.
const address = new URL("page/main.js", document.baseURI);
import(address).then(({ start }) =>
  start(element, {
    ask: (turn) => trigger("ask", turn),
    halt: () => trigger("halt"),
    told: (hear) => watch("value", () => hear(props.value)),
    restore: server.restore,
    suggest: () => server.suggest(null),
  }),
);
