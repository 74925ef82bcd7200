// A button that copies the text of what it names; without scripts the text is there to be selected.
for (const button of document.querySelectorAll("button[data-copy]")) {
  const source = document.getElementById(button.dataset.copy);
  const told = button.parentElement.querySelector("[data-copied]");
  if (!source || !navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(source.textContent.trim());
      told.textContent = "Copied";
    } catch {
      getSelection().selectAllChildren(source);
      told.textContent = "Selected: copy it with your keyboard";
    }
  });
}
