// What the page does without asking the server: markers open their source, answers are copied.
document.documentElement.lang = "nl";
document.addEventListener("click", async (event) => {
  const marker = event.target.closest("a.verwijzing");
  if (marker) {
    event.preventDefault();
    const source = document.getElementById(marker.getAttribute("href").slice(1));
    if (!source) return;
    source.parentElement.querySelectorAll("details[open]").forEach((other) => { other.open = false; });
    source.parentElement.querySelectorAll(".gekozen").forEach((other) => other.classList.remove("gekozen"));
    source.classList.add("gekozen");
    const details = source.querySelector("details");
    details.open = true;
    details.querySelector("summary").focus({ preventScroll: true });
    source.scrollIntoView({ block: "nearest" });
    return;
  }
  const button = event.target.closest("button.kopieer");
  if (button) {
    const copy = button.closest("article").querySelector("textarea.kopie");
    const text = copy.value.replaceAll(/^( {4})(\/bronnen\/)/gm, `$1${location.origin}$2`);
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      copy.hidden = false;
      copy.value = text;
      copy.select();
      document.execCommand("copy");
      copy.hidden = true;
    }
    const label = button.textContent;
    button.textContent = button.dataset.gekopieerd;
    setTimeout(() => { button.textContent = label; }, 2000);
  }
});
