// The statements, and which of them are in view, in which order.

const DATA = JSON.parse(byId("rows").textContent);
const ARTICLES = DATA.articles.map(([id, date, speakers]) => ({
  id,
  date,
  speakers: speakers.map(([name, role, statements, threat, sanction]) => (
    { name: DATA.speakers[name], role, statements, threat, sanction })),
}));
const QUOTATIONS = ["direct", "indirect", "mixed"];
const STATEMENTS = DATA.statements.map((row, number) => {
  const statement = { number };
  DATA.columns.forEach((column, i) => { statement[column] = row[i]; });
  const { speaker, quotation } = statement;
  statement.speaker = speaker === null ? null : DATA.speakers[speaker];
  statement.quotation = quotation === null ? null : QUOTATIONS[quotation];
  statement.id = ARTICLES[statement.article].id;
  statement.date = ARTICLES[statement.article].date;
  return statement;
});
const HAS_DATES = ARTICLES.some((article) => article.date);

function is(statement, label) {
  return statement[label] !== null && statement[label] >= DATA.threshold;
}

const LABEL_TESTS = {
  "": () => true,
  threat: (s) => is(s, "threat"),
  sanction: (s) => is(s, "sanction"),
  either: (s) => is(s, "threat") || is(s, "sanction"),
  both: (s) => is(s, "threat") && is(s, "sanction"),
  neither: (s) => !is(s, "threat") && !is(s, "sanction"),
};

function holds(text, part) {
  return text !== null && text.toLowerCase().includes(part);
}

function who(statement) {
  return statement.speaker ?? statement.source ?? "";
}

const NAMES = new Set(DATA.speakers.map((name) => name.toLowerCase()));

// A whole name finds that speaker alone, and a part of one all whose name holds it.
function isBy(statement, name) {
  return NAMES.has(name) ? who(statement).toLowerCase() === name : holds(who(statement), name);
}

function inView(filters) {
  const [speaker, article, words] = ["speaker", "article", "words"].map((name) =>
    filters[name].trim().toLowerCase());
  const labelled = LABEL_TESTS[filters.label];
  return STATEMENTS.filter((s) =>
    labelled(s)
    && (!speaker || isBy(s, speaker))
    && (!article || holds(s.id, article))
    && (!filters.from || (s.date !== null && s.date >= filters.from))
    && (!filters.to || (s.date !== null && s.date <= filters.to))
    && (!words || holds(s.content, words) || holds(s.source, words) || holds(s.cue, words)));
}

const COLLATOR = new Intl.Collator("en", { numeric: true, sensitivity: "base" });
const SORTS = {
  speaker: (a, b) => COLLATOR.compare(who(a), who(b)),
  content: (a, b) => COLLATOR.compare(a.content.slice(0, 80), b.content.slice(0, 80)),
  threat: (a, b) => a.threat - b.threat,
  sanction: (a, b) => a.sanction - b.sanction,
  article: (a, b) => COLLATOR.compare(a.id, b.id),
  date: (a, b) => ((a.date ?? "") < (b.date ?? "") ? -1 : (a.date ?? "") > (b.date ?? "") ? 1 : 0),
};

// A copy in the order of a column; equal ones stay in the order of the text.
function sorted(statements, { column, descending }) {
  if (!column) return statements;
  const sign = descending ? -1 : 1;
  return statements.toSorted((a, b) => sign * SORTS[column](a, b) || a.number - b.number);
}
