// What a reader chose in this browser: the theme, and which colour rises. It is set before anything is
// painted, so this is no module. Nothing of it leaves the browser.
(() => {
  const root = document.documentElement;
  const CHOICES = { theme: ["light", "dark"], rising: ["red", "green"] };

  /** Storage may be forbidden; then a choice holds for this page. */
  function chosen(name) {
    try {
      const value = localStorage.getItem(`pharos.${name}`) ?? "";
      return CHOICES[name].includes(value) ? value : "";
    } catch {
      return "";
    }
  }

  function choose(name, value) {
    if (value === "") delete root.dataset[name];
    else root.dataset[name] = value;
  }

  function keep(name, value) {
    try {
      if (value === "") localStorage.removeItem(`pharos.${name}`);
      else localStorage.setItem(`pharos.${name}`, value);
    } catch {
      // It is not kept.
    }
  }

  const recall = () => Object.keys(CHOICES).forEach((name) => choose(name, chosen(name)));
  const controls = () => document.querySelectorAll("select[data-choice]");
  const fill = () => {
    for (const control of controls()) control.value = root.dataset[control.dataset.choice] ?? "";
  };

  recall();
  document.addEventListener("DOMContentLoaded", () => {
    fill();
    for (const control of controls()) {
      control.addEventListener("change", () => {
        choose(control.dataset.choice, control.value);
        keep(control.dataset.choice, control.value);
      });
    }
    for (const hidden of document.querySelectorAll(".choices")) hidden.hidden = false;
  });
  // Another window of the same reader.
  addEventListener("storage", () => {
    recall();
    fill();
  });
})();
