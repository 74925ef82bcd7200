// The day looked from follows the slider at once; without scripts the form's button does it.
const form = document.querySelector("form[data-as-of]");

if (form) {
  const slider = form.querySelector("input[type=range]");
  const shown = form.querySelector("[data-day]");
  const words = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
  const dayOf = (number) => new Date((number - 719163) * 86400000); // day 1 is 1 January of year 1
  let timer = 0;

  function address() {
    const url = new URL(location.href);
    url.searchParams.delete("cursor");
    url.searchParams.delete("as_of");
    if (slider.value !== slider.max) url.searchParams.set("as_of", dayOf(slider.value).toISOString().slice(0, 10));
    return url;
  }

  function look() {
    const url = address();
    if (url.href === location.href) return;
    history.pushState({ filters: true }, "", url);
    const day = document.querySelector("form[data-filters] [name=as_of]");
    if (day) day.value = url.searchParams.get("as_of") ?? "";
    document.dispatchEvent(new CustomEvent("results:show", { detail: url }));
  }

  form.querySelector("[data-go]").hidden = true;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    look();
  });
  slider.addEventListener("input", () => {
    const text = slider.value === slider.max ? "today" : words.format(dayOf(slider.value));
    shown.textContent = text;
    slider.setAttribute("aria-valuetext", text);
    clearTimeout(timer);
    timer = setTimeout(look, 250);
  });
}
