// Marks in an issue's contents list the section one is reading.
const links = new Map(
  [...document.querySelectorAll(".contents a[href^='#']")].map((link) => [link.hash.slice(1), link]),
);
const places = [...links.keys()].map((id) => document.getElementById(id)).filter(Boolean);
let waiting = false;

function mark() {
  waiting = false;
  const line = window.innerHeight * 0.3;
  const current = places.findLast((place) => place.getBoundingClientRect().top <= line) ?? places[0];
  for (const [id, link] of links) {
    if (current && id === current.id) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}

if (places.length) {
  document.addEventListener(
    "scroll",
    () => {
      if (!waiting) requestAnimationFrame(mark);
      waiting = true;
    },
    { passive: true },
  );
  mark();
}
