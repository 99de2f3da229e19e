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
      drawSpeakers(ARTICLES[number].speakers);
    }
    pressSpeaker();
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
    // whoever chooses speakers goes on from the list
    if (!byId("reader-speakers").contains(document.activeElement)) {
      byId("reader-text").focus({ preventScroll: true });
    }
  },

  // The same statement, or the article that was gone to, in another view.
  turnTo(view) {
    const statement = this.view[this.index];
    this.view = view;
    return statement ? this.showStatement(view.indexOf(statement)) : this.showArticle(this.article);
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

function drawSpeakers(speakers) {
  const box = byId("reader-speakers");
  box.hidden = !speakers.length;
  box.querySelector("summary").textContent = counted(speakers.length, "speaker");
  box.querySelector("ul").replaceChildren(...speakers.map((speaker) => {
    const button = element("button", "", { type: "button", dir: "auto" });
    const counts = element("span", counted(speaker.statements, "statement"), { class: "counts" });
    for (const label of LABELS.filter((name) => speaker[name])) {
      counts.append(", ", element("span", counted(speaker[label], label), { class: label }));
    }
    button.append(element("span", speaker.name, { class: "name" }), " ");
    if (speaker.role) button.append(element("span", speaker.role, { class: "role" }), " ");
    button.append(counts);
    button.addEventListener("click", () => chooseSpeaker(speaker.name));
    const item = element("li");
    item.append(button);
    return item;
  }));
}

function isChosen(name) {
  return form.elements.speaker.value.trim().toLowerCase() === name.toLowerCase();
}

function pressSpeaker() {
  for (const button of document.querySelectorAll("#reader-speakers button")) {
    button.setAttribute("aria-pressed", String(isChosen(button.querySelector(".name").textContent)));
  }
}

// A speaker's statements become the view, read from the first one here; chosen again, all do.
function chooseSpeaker(name) {
  if (isChosen(name)) {
    choose("speaker", "");
    return reader.turnTo(state.view);
  }
  choose("speaker", name);
  const first = () => state.view.findIndex((s) => s.article === reader.article);
  // what else is filtered by may hide all that the speaker says here
  if (first() < 0) {
    form.reset();
    choose("speaker", name);
  }
  return reader.open(state.view, first());
}

byId("reader-speakers").open = matchMedia("(min-width: 50rem)").matches;
byId("reader").addEventListener("close", () => {
  // a speaker chosen here has drawn the table anew, without the button that opened the article
  if (!byId("statements").contains(document.activeElement)) showInTable(reader.index ?? 0);
});
byId("earlier-statement").addEventListener("click", () => reader.step(-1));
byId("later-statement").addEventListener("click", () => reader.step(1));
byId("earlier-article").addEventListener("click", () => reader.go(-1));
byId("later-article").addEventListener("click", () => reader.go(1));
byId("close").addEventListener("click", () => byId("reader").close());
