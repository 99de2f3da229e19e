// An article with its statements marked, unpacked when it is opened.

async function unpacked(number) {
  const bytes = Uint8Array.from(atob(byId(`article-${number}`).textContent), (c) => c.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Response(stream).text();
}

const reader = {
  view: [],
  index: null, // of the statement in the view, or null where an article was gone to
  article: null,

  open(view, index) {
    this.view = view;
    return this.showStatement(index);
  },

  async showStatement(index) {
    this.index = index;
    const statement = this.view[index];
    await this.showArticle(statement.article);
    if (this.index === index) this.mark(statement);
  },

  async showArticle(number) {
    const { id, date } = ARTICLES[number];
    if (this.article !== number) {
      this.article = number;
      // made by avowal.markup, which escapes all that an article holds
      const markup = await unpacked(number);
      if (this.article !== number) return;
      byId("reader-text").innerHTML = markup;
      byId("reader-text").scrollTop = 0;
    }
    byId("reader-title").replaceChildren(shown(id));
    byId("reader-date").textContent = date ?? "";
    byId("reader-statement").textContent = "";
    for (const marked of byId("reader-text").querySelectorAll(".current")) marked.classList.remove("current");
    if (!byId("reader").open) byId("reader").showModal();
    byId("earlier-article").disabled = number === 0;
    byId("later-article").disabled = number === ARTICLES.length - 1;
    byId("earlier-statement").disabled = !this.view.length || this.index === 0;
    byId("later-statement").disabled = !this.view.length || this.index === this.view.length - 1;
  },

  mark(statement) {
    const place = statement.place;
    const own = byId("reader-text").querySelectorAll(
      ["source", "cue", "content"].map((role) => `[data-${role}~="${place}"]`).join());
    for (const piece of own) piece.classList.add("current");
    own[0]?.scrollIntoView({ block: "center" });
    byId("reader-statement").replaceChildren(shown(
      `${this.index + 1} of ${this.view.length} in view. ${who(statement) || "No speaker"}: `
      + `threat ${percent(statement.threat)}, sanction ${percent(statement.sanction)}`));
    byId("reader-text").focus({ preventScroll: true });
  },

  step(by) {
    if (this.index !== null) return this.showStatement(this.index + by);
    // from an article that was gone to, on to its neighbour in the view
    const after = this.view.findIndex((s) => s.article >= this.article);
    return this.showStatement(Math.max(0, after < 0 ? this.view.length - 1 : after));
  },

  go(by) {
    this.index = null;
    return this.showArticle(this.article + by);
  },
};

byId("earlier-statement").addEventListener("click", () => reader.step(-1));
byId("later-statement").addEventListener("click", () => reader.step(1));
byId("earlier-article").addEventListener("click", () => reader.go(-1));
byId("later-article").addEventListener("click", () => reader.go(1));
byId("close").addEventListener("click", () => byId("reader").close());
