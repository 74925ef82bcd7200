// Chooses light, dark or high contrast at once and remembers it; without scripts the /theme/ page does it.
const themes = ["system", "light", "dark", "contrast"];
const root = document.documentElement;

function apply(theme) {
  if (theme === "system") delete root.dataset.theme;
  else root.dataset.theme = theme;
}

for (const form of document.querySelectorAll("form[data-theme-form]")) {
  form.addEventListener("change", (event) => {
    if (event.target.name === "theme" && themes.includes(event.target.value)) apply(event.target.value);
  });
}
