// The page script adds autosave, live relevance and focus to pages that work without
// it. It holds no rules of the questionnaire: the server answers every change with
// what applies now.
(function () {
  "use strict";
  var doc = document, root = doc.documentElement;
  root.classList.add("js");

  var summary = doc.querySelector(".summary");
  if (summary) summary.focus();

  doc.addEventListener("click", function (e) {
    if (e.target.closest && e.target.closest("[data-print]")) window.print();
  });
  each(doc, "[data-print]", function (b) { b.hidden = false; });

  var copies = "comparanda:";
  doc.addEventListener("submit", function (e) {
    if (e.target.getAttribute("action") === "/sign-out") forgetAll();
  });

  function each(from, selector, f) { Array.prototype.forEach.call(from.querySelectorAll(selector), f); }
  function forgetAll() {
    try {
      Object.keys(localStorage).forEach(function (k) { if (k.indexOf(copies) === 0) localStorage.removeItem(k); });
    } catch (err) { /* storage is off: there is nothing to forget */ }
  }

  // A report under way: the page's own address tells in JSON how far it is.
  var report = doc.querySelector("[data-report]");
  if (report) {
    var refresh = report.querySelector("[data-refresh]");
    refresh.hidden = true;
    var look = function () {
      fetch(report.dataset.report, { headers: { Accept: "application/json" } }).then(function (r) { return r.json(); }).then(function (j) {
        if (j.state === "done" || j.state === "failed" || j.state === "cancelled") { location.replace(report.dataset.report); return; }
        var text = report.querySelector("[data-text]");
        report.querySelector("progress").value = j.progress;
        if (j.text && text.textContent !== j.text) text.textContent = j.text;
        setTimeout(look, 1500);
      }).catch(function () { refresh.hidden = false; });
    };
    setTimeout(look, 800);
  }

  var form = doc.querySelector("form[data-autosave]");
  if (!form) return;
  var status = doc.getElementById("save-status"), words = form.dataset, url = form.getAttribute("action");
  var copyKey = copies + words.person + ":" + url, keepCopy = words.shared !== "yes";
  var dirty = {}, counter = 0, timer = 0, dueAt = 0, busy = false, leaving = false, waiting = null, failures = 0, blocked = "";

  function pathOf(field) {
    var m = /^[admyrn]:(\/.*)$/.exec(field.name || "");
    return m && m[1];
  }
  function fieldsOf(path) {
    return Array.prototype.filter.call(form.elements, function (f) { return f.name && f.name.slice(2) === path && f.name[1] === ":"; });
  }
  function mark(path) { return form.elements["v:" + path]; }
  function wrapper(path) { return doc.querySelector('[data-path="' + path.replace(/["\\]/g, "\\$&") + '"]'); }
  function say(text) { if (status && status.textContent !== text) status.textContent = text; }
  function isDirty() { return Object.keys(dirty).length > 0; }

  function bodyOf(paths) {
    var body = new URLSearchParams();
    paths.forEach(function (path) {
      fieldsOf(path).forEach(function (f) {
        if ((f.type === "radio" || f.type === "checkbox") && !f.checked) return;
        body.append(f.name, f.value);
      });
    });
    return body;
  }

  // The local copy: what was typed and not yet confirmed, so that a crash loses nothing.
  function confidential(path) {
    return fieldsOf(path).some(function (f) { return f.name[0] === "r" && f.checked && f.value === "CONF"; });
  }
  function keep() {
    if (!keepCopy) return;
    try {
      var paths = Object.keys(dirty).filter(function (p) { return !confidential(p); });
      if (!paths.length) localStorage.removeItem(copyKey);
      else localStorage.setItem(copyKey, JSON.stringify(paths.map(function (p) { return [p, bodyOf([p]).toString()]; })));
    } catch (err) { /* storage full or off: saving to the server goes on */ }
  }
  function putBack() {
    var kept = [], back = 0;
    try { kept = JSON.parse(localStorage.getItem(copyKey) || "[]"); } catch (err) { kept = []; }
    kept.forEach(function (entry) {
      var path = entry[0], was = new URLSearchParams(entry[1]), fields = fieldsOf(path);
      was.delete("v:" + path);
      var now = bodyOf([path]);
      now.delete("v:" + path);
      if (!fields.length || now.toString() === was.toString()) return;
      var nth = {}; // of fields with one name, as the places of a rank
      fields.forEach(function (f) {
        if (f.name[0] === "v") return;
        if (f.type === "radio" || f.type === "checkbox") f.checked = was.getAll(f.name).indexOf(f.value) >= 0;
        else if (was.has(f.name)) {
          nth[f.name] = (nth[f.name] || 0) + 1;
          f.value = was.getAll(f.name)[nth[f.name] - 1] || "";
        }
      });
      dirty[path] = ++counter;
      back++;
    });
    if (back) { say(words.restored); schedule(1000); } else keep();
  }

  function schedule(ms) {
    var at = Date.now() + ms;
    if (timer && dueAt <= at) return;
    clearTimeout(timer);
    dueAt = at;
    timer = setTimeout(function () { timer = 0; send(false); }, ms);
  }

  function touched(e, ms) {
    var path = pathOf(e.target);
    if (!path) return;
    dirty[path] = ++counter;
    blocked = "";
    var warned = form.elements["e:" + path]; // its error belongs to what stood there before
    if (warned) warned.remove();
    keep();
    if (!busy) say(words.unsaved);
    clearTimeout(timer); timer = 0;
    schedule(ms);
  }
  function isText(f) { return f.tagName === "TEXTAREA" || (f.tagName === "INPUT" && f.type === "text"); }
  form.addEventListener("input", function (e) { if (isText(e.target)) { touched(e, 4000); count(e.target); } });
  form.addEventListener("change", function (e) { touched(e, isText(e.target) ? 0 : 400); });
  form.addEventListener("submit", function (e) {
    leaving = true;
    clearTimeout(timer);
    if (!busy) return;
    e.preventDefault(); // the save under way brings the version that this one must be based on
    waiting = e.submitter || form.querySelector("button.primary");
  });
  function goOn() {
    if (!waiting) return;
    var button = waiting;
    waiting = null;
    button.click();
  }

  function send(closing) {
    if (busy || leaving || !isDirty() || blocked) return;
    var sent = {};
    Object.keys(dirty).forEach(function (p) { sent[p] = dirty[p]; });
    busy = true;
    say(words.saving);
    var stop = new AbortController(), limit = setTimeout(function () { stop.abort(); }, 30000);
    fetch(url, { method: "POST", credentials: "same-origin", keepalive: closing, signal: stop.signal,
      headers: { Accept: "application/json" }, body: bodyOf(Object.keys(sent)) })
      .then(function (r) { return r.json().then(function (j) { return [r, j]; }, function () { return [r, {}]; }); })
      .then(function (got) { clearTimeout(limit); busy = false; answered(got[0], got[1], sent); },
        function () { clearTimeout(limit); busy = false; retry(words.offline); })
      .then(goOn);
  }

  function retry(text, seconds) {
    say(text);
    failures++;
    schedule(1000 * (seconds || Math.min(60, Math.pow(2, failures))));
  }

  function answered(r, j, sent) {
    if (r.status === 401) { say(words.session); schedule(20000); return; }
    if (r.status === 429) { retry(words.offline, Number(r.headers.get("Retry-After")) || 30); return; }
    if (r.status >= 500 || (r.ok && !j.saved)) { retry(words.offline); return; }
    if (!r.ok) { blocked = (j.error && j.error.text) || words.offline; say(blocked); return; }
    failures = 0;
    j.saved.forEach(function (s) {
      if (mark(s.path)) mark(s.path).value = s.mark;
    });
    Object.keys(sent).forEach(function (p) { if (dirty[p] === sent[p]) delete dirty[p]; });
    keep();
    if (pressed) later.push(j); else show(j);
    if (j.conflicts && j.conflicts.length) say(words.conflict);
    else if (isDirty()) { say(words.unsaved); schedule(4000); }
    else say(j.said);
  }

  // While a mouse button or a finger is down nothing moves: what it is on might slip away
  // before it is let go, and the click would be lost.
  var pressed = false, later = [];
  doc.addEventListener("pointerdown", function () { pressed = true; }, true);
  ["pointerup", "pointercancel"].forEach(function (name) {
    doc.addEventListener(name, function () {
      setTimeout(function () { pressed = false; later.splice(0).forEach(show); }, 0); // after the click
    }, true);
  });

  function show(j) {
    (j.conflicts || []).forEach(function (c) {
      var box = doc.getElementById(c.id);
      if (box) box.innerHTML = c.html; // rendered and escaped by the server's own template
    });
    (j.states || []).forEach(function (s) {
      var q = wrapper(s.path);
      if (!q) return;
      if (s.html && !q.contains(doc.activeElement) && !dirty[s.path]) {
        q.outerHTML = s.html;
        q = wrapper(s.path);
      }
      q.hidden = !s.relevant;
      var u = q.querySelector(".understood");
      if (u && s.understood !== undefined) u.textContent = s.understood;
    });
  }

  function count(f) {
    var out = f.id && doc.getElementById(f.id + "-count"), n = Array.from(f.value).length, most = Number(f.dataset.limit);
    if (!out || !most) return;
    clearTimeout(f.counting);
    f.counting = setTimeout(function () {
      out.textContent = n < most * 0.9 ? "" : words.count.replace("{used}", n).replace("{most}", most);
    }, 700);
  }

  each(form, "[data-relevant=no]", function (q) { q.hidden = true; });
  putBack();

  window.addEventListener("online", function () { failures = 0; clearTimeout(timer); timer = 0; send(false); });
  window.addEventListener("focus", function () { if (isDirty()) schedule(300); });
  doc.addEventListener("visibilitychange", function () { if (doc.hidden) { clearTimeout(timer); timer = 0; send(true); } });
  window.addEventListener("beforeunload", function (e) {
    if (!leaving && isDirty()) { e.preventDefault(); e.returnValue = ""; }
  });
  window.addEventListener("pageshow", function (e) { if (e.persisted) { leaving = false; send(false); } });
})();
