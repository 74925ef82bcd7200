// Passkeys and security keys need scripts: shows their buttons, and says on the page why a key did not work.
for (const button of document.querySelectorAll("[data-needs-script]")) button.hidden = false;

document.addEventListener("allauth.error", (event) => {
  const status = document.querySelector("[data-key-status]");
  if (!status) return;
  event.preventDefault();
  status.textContent = event.detail.exception.name === "NotAllowedError"
    ? "The key was not used. Try again, or choose another way."
    : "This key did not work here. Try another, or choose another way.";
});
