// The view as CSV, with the columns of `avowal score --table` that a reader needs.

const CSV_COLUMNS = [
  "id", "date", "speaker", "source", "cue", "content", "start", "end", "quotation", "confidence",
  "threat", "sanction",
];
// what a spreadsheet takes for the start of a formula
const FORMULA = /^[=+\-@\t\r]/;

function csvCell(value) {
  if (value === null) return "";
  if (typeof value === "number") return String(value);
  const text = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function saveCsv(statements) {
  const lines = statements.map((s) => CSV_COLUMNS.map((column) => csvCell(s[column])).join(","));
  // the mark at the start tells spreadsheets that it is UTF-8
  const text = `\ufeff${[CSV_COLUMNS.join(","), ...lines].join("\r\n")}\r\n`;
  const url = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
  const link = element("a", "", { href: url, download: "statements.csv" });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
