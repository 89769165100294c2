// `element` is the conversation; Gradio runs this once, when it is first shown.
element.addEventListener("click", (event) => {
  const link = event.target.closest("a.yw-cite");
  if (!link) return;
  event.preventDefault();
  const mark = document.getElementById(link.hash.slice(1));
  if (!mark) return;
  mark.scrollIntoView({ behavior: "smooth", block: "center" });
  mark.tabIndex = -1;
  mark.focus({ preventScroll: true }); // so that a screen reader goes there too
  mark.classList.remove("yw-flash");
  void mark.offsetWidth; // a reflow, else the animation does not start again
  mark.classList.add("yw-flash");
});
watch("value", () => {
  const turns = element.querySelectorAll(".yw-turn");
  turns[turns.length - 1]?.scrollIntoView({ behavior: "smooth", block: "start" });
});
