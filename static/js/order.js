// Arranging a list: items are dragged by a handle, or moved with the arrow keys while it is in focus; each move is
// saved at once, as the whole order based on the version that was seen. Without scripts the buttons do it.
const form = document.querySelector("[data-arrange]");
const whole = document.querySelector("[data-whole]");
const undo = document.querySelector("[data-undo]");
const WAIT = 400; // several steps by keyboard are one change
const EDGE = 80; // of the window, where dragging scrolls

const items = () => [...form.querySelectorAll("[data-item]")];
const titleOf = (item) => document.getElementById(`t-${item.dataset.item}`).textContent.trim();
const status = form?.querySelector("[data-status]");

function say(words, ...more) {
  status.replaceChildren(words, ...more);
}

function orderNow() {
  return [...form.querySelectorAll("[data-section]")].map((section) => [
    section.dataset.section || null,
    [...section.querySelectorAll("[data-item]")].map((item) => item.dataset.item),
  ]);
}

// --- Saving: one request at a time, the latest order last ---------------------------------------
let timer = 0;
let saved = form && JSON.stringify(orderNow());
let sending = Promise.resolve();

function saveSoon(words, wait = 0) {
  clearTimeout(timer);
  say(words);
  timer = setTimeout(() => {
    timer = 0;
    sending = sending.then(() => save(words));
  }, wait);
}

async function save(words) {
  const order = JSON.stringify(orderNow());
  if (order === saved) return;
  whole.elements.order.value = order;
  let response;
  try {
    response = await fetch(whole.action, {
      method: "POST",
      headers: { Accept: "application/json" },
      body: new FormData(whole),
      keepalive: order.length < 50000,
    });
  } catch {
    return offerAgain("Not saved: there is no connection.");
  }
  // Somebody else was here: the page that shows both orders.
  if (response.status === 409) return whole.submit();
  if (!response.ok || response.redirected) {
    const answer = await response.json().catch(() => ({}));
    return offerAgain(`Not saved. ${answer.detail ?? "Perhaps you are signed out."}`);
  }
  const answer = await response.json();
  saved = order;
  for (const field of document.querySelectorAll("input[name=version]")) field.value = answer.version;
  say(`${words} Saved.`);
  if (!answer.undo) return;
  undo.action = answer.undo;
  undo.hidden = false;
  status.append(undo);
}

function offerAgain(words) {
  const again = document.createElement("button");
  again.type = "button";
  again.className = "button";
  again.textContent = "Try again";
  again.addEventListener("click", () => saveSoon("Saving."));
  say(`${words} `, again);
}

// --- Moving ------------------------------------------------------------------------------------
function placeWords(item) {
  const section = item.closest("[data-section]");
  const there = [...section.querySelectorAll("[data-item]")];
  return `${titleOf(item)}: ${section.getAttribute("aria-label")}, ${there.indexOf(item) + 1} of ${there.length}.`;
}

// One place up or down: at the edge of a section into the next one.
function step(item, by) {
  const beside = by < 0 ? item.previousElementSibling : item.nextElementSibling;
  if (beside) return by < 0 ? beside.before(item) : beside.after(item);
  const lists = [...form.querySelectorAll(".arranged")];
  const next = lists[lists.indexOf(item.parentElement) + by];
  if (next) by < 0 ? next.append(item) : next.prepend(item);
}

function stepAndSave(item, by, focus) {
  const before = JSON.stringify(orderNow());
  step(item, by);
  focus.focus();
  item.scrollIntoView({ block: "nearest" });
  if (JSON.stringify(orderNow()) === before) say(`${titleOf(item)} can go no further.`);
  else saveSoon(placeWords(item), WAIT);
}

const KEYS = { ArrowUp: -1, ArrowDown: 1 };

function gripOf(item) {
  const grip = document.createElement("button");
  grip.type = "button";
  grip.className = "button quiet grip";
  grip.textContent = "⠿";
  grip.setAttribute("aria-label", "Move with the arrow keys");
  grip.setAttribute("aria-describedby", `t-${item.dataset.item}`);
  grip.addEventListener("keydown", (event) => {
    if (!(event.key in KEYS) || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    stepAndSave(item, KEYS[event.key], grip);
  });
  grip.addEventListener("pointerdown", (event) => drag(item, grip, event));
  return grip;
}

function drag(item, grip, started) {
  if (started.button) return;
  const home = { list: item.parentElement, next: item.nextElementSibling };
  let point = started;
  let frame = requestAnimationFrame(follow);
  // By the form: what is moved within the page loses the pointer it holds.
  form.setPointerCapture(started.pointerId);
  item.classList.add("dragged");

  function follow() {
    frame = requestAnimationFrame(follow);
    if (point.clientY < EDGE) scrollBy(0, -12);
    else if (point.clientY > innerHeight - EDGE) scrollBy(0, 12);
    const under = document.elementFromPoint(point.clientX, point.clientY);
    const other = under?.closest("[data-item]");
    if (other === item) return;
    if (other) {
      const box = other.getBoundingClientRect();
      if (point.clientY < box.top + box.height / 2) other.before(item);
      else other.after(item);
    } else {
      const list = under?.closest("[data-section]")?.querySelector(".arranged");
      if (list && !list.children.length) list.append(item);
    }
  }

  function end(isDropped) {
    cancelAnimationFrame(frame);
    events.abort();
    item.classList.remove("dragged");
    if (!isDropped) home.list.insertBefore(item, home.next);
    else if (item.parentElement !== home.list || item.nextElementSibling !== home.next) saveSoon(placeWords(item));
  }

  const events = new AbortController();
  const { signal } = events;
  form.addEventListener("pointermove", (event) => { point = event; }, { signal });
  form.addEventListener("pointerup", () => end(true), { signal });
  form.addEventListener("pointercancel", () => end(false), { signal });
  addEventListener("keydown", (event) => { if (event.key === "Escape") end(false); }, { signal });
}

if (form) {
  for (const item of items()) item.querySelector("input").before(gripOf(item));
  for (const hint of form.querySelectorAll("[data-with-script]")) hint.hidden = false;
  form.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=up], button[name=down]");
    if (!button) return;
    event.preventDefault();
    stepAndSave(button.closest("[data-item]"), button.name === "up" ? -1 : 1, button);
  });
  // What waits to be saved is saved before anything else is sent.
  form.addEventListener("submit", (event) => {
    if (!timer) return;
    event.preventDefault();
    clearTimeout(timer);
    timer = 0;
    const { submitter } = event;
    sending = sending.then(() => save("")).then(() => form.requestSubmit(submitter));
  });
  addEventListener("beforeunload", (event) => { if (timer) event.preventDefault(); });
}
