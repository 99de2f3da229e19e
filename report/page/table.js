// One page of the view as a table.

const PAGE = 50;
const HEADS = ["speaker", "content", "threat", "sanction", "article", "date"];
const HEAD_NAMES = { content: "statement" };

function drawHead(sort, onSort) {
  byId("statements").tHead.rows[0].replaceChildren(...HEADS.filter((column) => column !== "date" || HAS_DATES).map((column) => {
    const head = element("th", "", { role: "columnheader", scope: "col", class: column });
    if (sort.column === column) head.setAttribute("aria-sort", sort.descending ? "descending" : "ascending");
    const button = element("button", HEAD_NAMES[column] ?? column, { type: "button", "data-sort": column });
    button.addEventListener("click", () => onSort(column));
    head.append(button);
    return head;
  }));
}

function drawPage(statements, page, open) {
  const first = page * PAGE;
  byId("statements").tBodies[0].replaceChildren(
    ...statements.slice(first, first + PAGE).map((s, i) => drawRow(s, () => open(first + i))));
  const pages = Math.max(1, Math.ceil(statements.length / PAGE));
  byId("page").textContent = `page ${(page + 1).toLocaleString("en")} of ${pages.toLocaleString("en")}`;
  byId("first").disabled = byId("previous").disabled = page === 0;
  byId("last").disabled = byId("next").disabled = page === pages - 1;
}

function drawRow(statement, open) {
  const row = element("tr", "", { role: "row" });
  const cell = (name, text, extra = "") =>
    element("td", text, { role: "cell", class: `${name} ${extra}`.trim() });
  const content = cell("content", "");
  const button = element("button", statement.content || statement.cue || "(no content)", { type: "button", class: "open", dir: "auto" });
  button.addEventListener("click", open);
  content.append(button);
  const speaker = cell("speaker", who(statement) || "–", statement.speaker === null ? "unnamed" : "");
  speaker.dir = "auto";
  row.append(speaker, content,
    ...LABELS.map((label) => cell(label, percent(statement[label]), is(statement, label) ? "yes" : "")),
    cell("article", statement.id));
  if (HAS_DATES) row.append(cell("date", statement.date ?? "–"));
  return row;
}

// Up and down go from statement to statement.
byId("statements").addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || !event.target.matches(".open")) return;
  const all = [...document.querySelectorAll("#statements .open")];
  const next = all[all.indexOf(event.target) + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
});
