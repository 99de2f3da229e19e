// The page: an article goes to POST /score; the server marks it up, and the lists are built here.

const LABELS = ["threat", "sanction"];
const THRESHOLD = 0.5;
// These turn what follows them around, which can show a name as another than it is.
const TURNING = /[\u202a-\u202e\u2066-\u2069]/g;

const find = (id) => document.getElementById(id);
const form = find("form");
const text = find("text");
const file = find("file");
const article = find("article");
const list = find("statements");
const speakers = find("speakers");

let chosen = null;

// ---- the article in ----

form.addEventListener("submit", (event) => {
  event.preventDefault();
  score();
});

text.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    form.requestSubmit();
  }
});

file.addEventListener("change", () => open(file.files[0]));

addEventListener("dragover", (event) => {
  event.preventDefault();
  form.classList.add("dropping");
});

addEventListener("dragleave", (event) => {
  if (event.relatedTarget === null) form.classList.remove("dropping");
});

addEventListener("drop", (event) => {
  event.preventDefault();
  form.classList.remove("dropping");
  const dropped = event.dataTransfer;
  if (dropped.files.length) {
    open(dropped.files[0]);
  } else {
    text.value = dropped.getData("text/plain");
    form.requestSubmit();
  }
});

async function open(chosenFile) {
  if (!chosenFile) return;
  try {
    const bytes = await chosenFile.arrayBuffer();
    text.value = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    say(`${plain(chosenFile.name)} is not a text in UTF-8: save it as one and open it again.`, true);
    return;
  }
  form.requestSubmit();
}

// ---- the scores out ----

async function score() {
  const wanted = text.value.toWellFormed();
  if (!wanted.trim()) {
    say("Paste an article first.", true);
    text.focus();
    return;
  }
  const button = find("score");
  button.disabled = true;
  say("Scoring…");
  try {
    const response = await fetch("score", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ articles: [{ text: wanted }], html: true }),
    });
    const answer = await response.json();
    if (response.ok) {
      show(answer.articles[0]);
    } else {
      say([answer.detail, ...answer.errors].join(" "), true);
    }
  } catch {
    say("The server does not answer.", true);
  } finally {
    button.disabled = false;
  }
}

function show(scored) {
  // The server has escaped the text: see avowal/markup.py.
  article.innerHTML = scored.html;
  tagSentences();
  chosen = null;
  list.replaceChildren(...scored.statements.map(statementItem));
  showSpeakers(scored.statements);
  find("results").hidden = false;
  const counts = LABELS.map((label) => number(scored.statements.filter(has(label)).length, label));
  say(`${number(scored.statements.length, "statement")}: ${counts.join(", ")}.`);
  showOnly(null);
}

function tagSentences() {
  const seen = new Set();
  for (const piece of article.querySelectorAll("[data-labels]")) {
    const sentence = piece.dataset.sentence;
    if (!seen.has(sentence)) piece.dataset.tag = piece.dataset.labels.replace(" ", ", ");
    seen.add(sentence);
  }
}

function statementItem(statement, place) {
  const button = document.createElement("button");
  button.type = "button";
  button.dataset.place = place;
  button.dataset.speaker = statement.speaker ?? "";
  const who = part("who", statement.speaker ?? statement.source?.text ?? "No source");
  if (statement.cue) who.append(" ", part("cue", statement.cue.text));
  const what = part("what", statement.content.map((piece) => piece.text).join(" … "));
  button.append(who, what);
  for (const label of LABELS.filter((name) => has(name)(statement))) {
    button.classList.add(label);
    button.append(part(`label ${label}`, `${label} ${statement[label].toFixed(2)}`), " ");
  }
  const item = document.createElement("li");
  item.append(button);
  return item;
}

function showSpeakers(statements) {
  const counts = new Map();
  for (const { speaker } of statements) {
    counts.set(speaker ?? "", (counts.get(speaker ?? "") ?? 0) + 1);
  }
  const ordered = [...counts].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0]));
  speakers.replaceChildren(
    ...ordered.map(([speaker, count]) => {
      const button = document.createElement("button");
      button.type = "button";
      button.dataset.speaker = speaker;
      button.setAttribute("aria-pressed", "false");
      button.append(part("", speaker || "No name"), ` (${count})`);
      return button;
    }),
  );
}

// ---- from a speaker to statements, and from a statement to its place ----

speakers.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  showOnly(button.getAttribute("aria-pressed") === "true" ? null : button.dataset.speaker);
});

function showOnly(speaker) {
  for (const button of speakers.children) {
    button.setAttribute("aria-pressed", String(button.dataset.speaker === speaker));
  }
  let shown = 0;
  for (const item of list.children) {
    item.hidden = speaker !== null && item.firstChild.dataset.speaker !== speaker;
    shown += !item.hidden;
  }
  find("shown").textContent =
    speaker === null ? "" : `${number(shown, "statement")} by ${plain(speaker || "no name")}.`;
}

list.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button) choose(button, true);
});

list.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const buttons = [...list.querySelectorAll("li:not([hidden]) button")];
  const next = buttons[buttons.indexOf(event.target.closest("button")) + step];
  if (next) next.focus();
});

article.addEventListener("click", (event) => {
  const piece = event.target.closest("[data-cue], [data-source], [data-content]");
  if (!piece) return;
  const { cue, source, content } = piece.dataset;
  // Of statements within statements the inner one is the last.
  const place = (cue ?? source ?? content).split(" ").at(-1);
  const button = list.querySelector(`button[data-place="${place}"]`);
  if (button.parentElement.hidden) showOnly(null);
  choose(button, false);
  button.scrollIntoView({ block: "nearest" });
});

article.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && chosen) chosen.focus();
});

function choose(button, goThere) {
  chosen?.removeAttribute("aria-current");
  for (const piece of article.querySelectorAll(".chosen")) {
    piece.classList.remove("chosen");
    piece.removeAttribute("tabindex");
  }
  chosen = button;
  chosen.setAttribute("aria-current", "true");
  const { place } = button.dataset;
  const pieces = article.querySelectorAll(
    ["source", "cue", "content"].map((role) => `[data-${role}~="${place}"]`).join(),
  );
  for (const piece of pieces) piece.classList.add("chosen");
  if (goThere && pieces.length) {
    pieces[0].tabIndex = -1;
    pieces[0].focus({ preventScroll: true });
    pieces[0].scrollIntoView({ block: "center" });
  }
}

// ---- small things ----

function has(label) {
  return (statement) => (statement[label] ?? 0) >= THRESHOLD;
}

function part(name, content) {
  const element = document.createElement("bdi");
  element.className = name;
  element.textContent = plain(content);
  return element;
}

function plain(shown) {
  return shown.replace(TURNING, "\ufffd");
}

function number(count, noun) {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

function say(message, isError = false) {
  const status = find("status");
  status.textContent = message;
  status.classList.toggle("error", isError);
}
