// Keys: "/" goes to the search field where there is one, "?" shows all keys, "g" and a letter goes to a page.
// A page's own links carry their key (data-key), so the dialog and the keys never disagree.
const typing = (element) =>
  element.isContentEditable || /^(INPUT|SELECT|TEXTAREA)$/.test(element.tagName);
const dialog = document.getElementById("shortcuts");
let leader = 0;

function go(key) {
  const link = document.querySelector(`a[data-key="${CSS.escape(key)}"]`);
  if (link) link.click();
  return Boolean(link);
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (typing(event.target) || document.querySelector("dialog[open]")) return;
  if (event.key === "?" && dialog) {
    dialog.showModal();
  } else if (event.key === "/") {
    // The page's own field, else the one of the whole site, else the page that has it.
    const fields = [...document.querySelectorAll("main input[type=search], .site-header input[type=search]")];
    const search = fields.toSorted((a, b) => b.matches("main *") - a.matches("main *")).find((field) => field.checkVisibility());
    if (search) search.select();
    else location.assign("/search/");
  } else if (event.key === "g") {
    leader = Date.now();
    return;
  } else if (Date.now() - leader < 1200 && go(event.key)) {
    leader = 0;
  } else if (!event.repeat && (event.key === "n" || event.key === "p")) {
    const link = document.querySelector(`a[rel~="${event.key === "n" ? "next" : "prev"}"]`);
    if (!link) return;
    link.click();
  } else {
    return;
  }
  event.preventDefault();
});
