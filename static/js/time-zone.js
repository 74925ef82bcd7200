// Offers to show times in the browser's own zone, and remembers it when taken; the address says it too.
function offer() {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  for (const place of document.querySelectorAll("[data-zone-offer]")) {
    if (!zone || zone === place.dataset.zone) continue;
    const link = place.querySelector("a");
    const url = new URL(location.href);
    url.searchParams.set("tz", zone);
    link.href = url.href;
    place.querySelector("[data-zone-name]").textContent = zone;
    link.addEventListener("click", () => {
      const secure = location.protocol === "https:" ? "; secure" : "";
      document.cookie = `time_zone=${zone}; path=/; max-age=31536000; samesite=lax${secure}`;
    });
    place.hidden = false;
  }
}

offer();
document.addEventListener("results:shown", offer);
