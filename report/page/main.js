// Filters in, view out: table and charts follow.

const form = byId("filters");
const state = { sort: { column: null, descending: false }, page: 0, view: [] };

function choose(name, value) {
  form.elements[name].value = value;
  filter();
}

function choosePeriod(key) {
  const last = key.length === 10 ? key : key.length === 7
    ? new Date(Date.UTC(+key.slice(0, 4), +key.slice(5), 0)).toISOString().slice(0, 10) : `${key}-12-31`;
  form.elements.from.value = key.length === 10 ? key : key.length === 7 ? `${key}-01` : `${key}-01-01`;
  form.elements.to.value = last;
  filter();
}

function filter() {
  const values = Object.fromEntries(new FormData(form));
  const matching = inView(values);
  state.view = sorted(matching, state.sort);
  byId("shown").textContent = `${state.view.length.toLocaleString("en")} of ${counted(STATEMENTS.length, "statement")}: `
    + LABELS.map((label) => counted(state.view.filter((s) => is(s, label)).length, label)).join(", ");
  turnTo(0);
  drawCharts();
}

function drawCharts() {
  drawChart("by-speaker", bySpeaker(state.view), {
    horizontal: true, what: "by a named speaker", choose: (name) => choose("speaker", name),
  });
  drawChart("by-date", byDate(state.view), { horizontal: false, what: "with a date", choose: choosePeriod });
}

function turnTo(page) {
  state.page = page;
  drawPage(state.view, page, (index) => reader.open(state.view, index));
}

function showInTable(index) {
  turnTo(Math.floor(index / PAGE));
  document.querySelectorAll("#statements .open")[index % PAGE]?.focus();
}

function sortBy(column) {
  // probabilities and dates are asked for from the top
  const falling = ["threat", "sanction", "date"].includes(column);
  const { sort } = state;
  state.sort = { column, descending: sort.column === column ? !sort.descending : falling };
  drawHead(state.sort, sortBy);
  state.view = sorted(state.view, state.sort);
  turnTo(0);
  document.querySelector(`[data-sort="${column}"]`).focus();
}

let waiting;
form.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(filter, 120);
});
form.addEventListener("reset", () => setTimeout(filter));
form.addEventListener("submit", (event) => event.preventDefault());
byId("download").addEventListener("click", () => saveCsv(state.view));
byId("first").addEventListener("click", () => turnTo(0));
byId("previous").addEventListener("click", () => turnTo(state.page - 1));
byId("next").addEventListener("click", () => turnTo(state.page + 1));
byId("last").addEventListener("click", () => turnTo(Math.ceil(state.view.length / PAGE) - 1));
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawCharts);

document.body.classList.toggle("undated", !HAS_DATES);
byId("totals").textContent = `${counted(ARTICLES.length, "article")}, ${counted(STATEMENTS.length, "statement")}`;
byId("speakers").append(...DATA.speakers.toSorted(COLLATOR.compare).map((name) => element("option", "", { value: name })));
byId("articles").append(...ARTICLES.map(({ id }) => element("option", "", { value: id })));
drawHead(state.sort, sortBy);
filter();
