// Sets the chosen colours before the page is drawn.
(() => {
  try {
    const theme = localStorage.getItem("entente-theme");
    if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  } catch {
    // A browser that keeps nothing follows the system.
  }
})();
