// Notes: a preview while one types, and drafts that survive a closed tab. Without scripts the form's
// own buttons do it, and what was typed lives as long as its tab.
const KEEP_DAYS = 30;
const PREFIX = "note-draft:";
const words = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" });

// Storage may be full, or not allowed here: then there are no drafts, and all else works.
function stored(act) {
  try {
    return act(localStorage);
  } catch {
    return null;
  }
}

function forgetOld() {
  stored((storage) => {
    for (const key of Object.keys(storage).filter((each) => each.startsWith(PREFIX))) {
      const at = JSON.parse(storage.getItem(key))?.at ?? 0;
      if (Date.now() - at > KEEP_DAYS * 86400000) storage.removeItem(key);
    }
  });
}

// The page that a note was saved from says so, once.
function forgetSaved() {
  const url = new URL(location.href);
  const saved = url.searchParams.get("saved");
  if (!saved) return;
  stored((storage) => storage.removeItem(PREFIX + saved));
  url.searchParams.delete("saved");
  history.replaceState(history.state, "", url);
}

function keepDrafts(form, text) {
  const key = PREFIX + form.dataset.draft;
  const banner = form.querySelector("[data-draft-found]");
  const told = form.querySelector("[data-draft-kept]");
  // What comes back from the server unsaved (a quote put in, a mistake) is a draft already.
  const isUnsaved = "unsaved" in form.dataset;
  const given = isUnsaved ? null : text.value;
  const found = stored((storage) => JSON.parse(storage.getItem(key)));
  let timer = 0;

  const forget = () => stored((storage) => storage.removeItem(key));
  function keep() {
    if (text.value === given || !text.value.trim()) return forget();
    const kept = stored((storage) => {
      storage.setItem(key, JSON.stringify({ text: text.value, at: Date.now() }));
      return true;
    });
    told.textContent = kept ? "Draft kept in this browser" : "";
  }

  if (isUnsaved) keep();
  else if (found?.text && found.text !== given) {
    banner.querySelector("p").textContent = `A draft from ${words.format(found.at)} was never saved.`;
    banner.hidden = false;
  }
  banner.addEventListener("click", (event) => {
    if (event.target.closest("[data-draft-take]")) {
      text.value = found.text;
      text.dispatchEvent(new Event("input", { bubbles: true }));
    } else if (event.target.closest("[data-draft-drop]")) {
      forget();
    } else return;
    banner.hidden = true;
    text.focus();
  });
  text.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(keep, 400);
  });
  addEventListener("pagehide", () => text.value !== given && keep());
}

function showPreview(form, text) {
  const place = form.querySelector("[data-preview-shown]");
  const shown = place.querySelector(".prose");
  let timer = 0;
  let latest = 0;

  async function look() {
    const turn = ++latest;
    if (!text.value.trim()) {
      place.hidden = true;
      return;
    }
    const body = new URLSearchParams({ markdown: text.value, csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value });
    try {
      const answer = await fetch(form.dataset.preview, { method: "POST", body, redirect: "error" });
      if (!answer.ok || turn !== latest) return;
      // Sanitised where it was rendered, as what is saved is.
      shown.innerHTML = (await answer.json()).html;
      place.hidden = false;
    } catch {
      // Offline, or signed out: the last preview stays, and saving says what is wrong.
    }
  }

  form.querySelector("button[name=preview]").hidden = true;
  text.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(look, 700);
  });
  if (text.value.trim() && place.hidden) look();
}

forgetOld();
forgetSaved();
for (const form of document.querySelectorAll("form[data-draft]")) {
  const text = form.querySelector("textarea[name=markdown]");
  keepDrafts(form, text);
  if (form.dataset.preview) showPreview(form, text);
}
