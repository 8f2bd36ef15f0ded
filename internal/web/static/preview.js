// The script of a preview asks what version of the form is shown, and loads the page
// again when it is another one. It waits until what was typed has been saved. Without
// it the link above the page does the same by hand.
(function () {
  "use strict";
  var bar = document.querySelector("[data-preview]");
  if (!bar) return;
  var shown = bar.dataset.preview, link = bar.querySelector("[data-changed]"), timer = 0;
  var form = document.querySelector("form[data-autosave]"), status = document.getElementById("save-status");

  function unsaved() {
    if (!form || !status) return false;
    var words = form.dataset;
    return [words.unsaved, words.saving, words.offline, words.restored].indexOf(status.textContent) >= 0;
  }
  function later(ms) {
    clearTimeout(timer);
    timer = setTimeout(look, ms);
  }
  function look() {
    fetch("/preview/version", { cache: "no-store" })
      .then(function (r) { return r.ok ? r.text() : shown; })
      .then(function (now) {
        if (now !== shown && !unsaved()) { location.reload(); return; }
        if (now !== shown) link.textContent = link.dataset.changed;
        later(700);
      }, function () { later(3000); });
  }
  document.addEventListener("visibilitychange", function () { if (!document.hidden) later(0); });
  later(700);
})();
