// Filters update the results in place and keep the address in step; without scripts the form's own button does it.
const forms = document.querySelectorAll("form[data-filters]");
let request = null;

function address(form) {
  const url = new URL(form.action, location.href);
  const filled = [...new FormData(form)].filter(([, value]) => value !== "");
  url.search = new URLSearchParams(filled).toString();
  return url;
}

async function show(url) {
  request?.abort();
  request = new AbortController();
  const results = document.getElementById("results");
  results.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(url, { signal: request.signal, headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById("results");
    if (!fresh) throw new Error("no results in the answer");
    results.replaceWith(fresh);
    for (const told of page.querySelectorAll("[data-told]")) document.getElementById(told.id)?.replaceWith(told);
    document.dispatchEvent(new CustomEvent("results:shown"));
    document.title = page.title;
    const count = fresh.querySelector(".results-count");
    document.getElementById("live").textContent = count ? count.textContent.trim() : "";
  } catch (error) {
    if (error.name !== "AbortError") location.assign(url);
  }
}

function update(form) {
  const url = address(form);
  if (url.href === location.href) return;
  history.pushState({ filters: true }, "", url);
  show(url);
}

for (const form of forms) {
  let timer = 0;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(timer);
    update(form);
  });
  form.addEventListener("input", (event) => {
    clearTimeout(timer);
    timer = setTimeout(() => form.reportValidity() && update(form), event.target.tagName === "SELECT" ? 0 : 500);
  });
}

// Other controls of the same results ask for them by an event.
document.addEventListener("results:show", (event) => show(event.detail));

// The form itself is filled by the server, so going back reloads the page it belongs to.
if (forms.length) addEventListener("popstate", () => location.reload());
