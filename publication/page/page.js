// Shows the data of the chosen centre, day and hours. It filters rows and formats values; it computes nothing.

const data = JSON.parse(document.getElementById("donnees").textContent);
const pictures = JSON.parse(document.getElementById("images").textContent);
const byId = (id) => document.getElementById(id);
const chosen = { centre: byId("centre"), jour: byId("jour"), tranche: byId("tranche") };
const HOUR = 3600 * 1000;

const NUMBERS = { decimal: ",", thousands: "\u202f", grouping: [3], currency: ["", "\u00a0€"], percent: "\u202f%" };
const DATES = {
  dateTime: "%A %e %B %Y à %X", date: "%d/%m/%Y", time: "%H:%M:%S", periods: ["AM", "PM"],
  days: ["dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"],
  shortDays: ["dim.", "lun.", "mar.", "mer.", "jeu.", "ven.", "sam."],
  months: ["janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"],
  shortMonths: ["janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."],
};

const number = new Intl.NumberFormat("fr-FR", { maximumFractionDigits: 2 });
const signed = new Intl.NumberFormat("fr-FR", { maximumFractionDigits: 1, signDisplay: "always" });
// Times of the factory's clock are handled as UTC, so that no time zone moves them. Times of the platform are shown in the reader's time zone.
const clock = (options, timeZone) => new Intl.DateTimeFormat("fr-FR", { ...options, timeZone });
const FORMATS = {
  jour: clock({ weekday: "short", day: "2-digit", month: "2-digit", year: "numeric" }, "UTC"),
  moment: clock({ day: "2-digit", month: "2-digit", year: "numeric", hour: "2-digit", minute: "2-digit", second: "2-digit" }, "UTC"),
  instant: clock({ day: "2-digit", month: "2-digit", year: "numeric", hour: "2-digit", minute: "2-digit" }),
  heure: clock({ hour: "2-digit", minute: "2-digit", second: "2-digit" }, "UTC"),
  short: clock({ day: "2-digit", month: "2-digit" }, "UTC"),
  long: clock({ weekday: "long", day: "numeric", month: "long", year: "numeric" }, "UTC"),
};
const shownDay = (day, format = FORMATS.jour) => format.format(Date.parse(day));

const FORMS = {
  texte: (value) => value,
  nombre: (value) => number.format(value),
  booleen: (value) => (value ? "oui" : "non"),
  jour: (value) => shownDay(value),
  moment: (value) => FORMATS.moment.format(value),
  instant: (value) => FORMATS.instant.format(value),
  heure: (value) => FORMATS.heure.format(value),
};
const READERS = {
  moment: (value) => Date.parse(`${value}Z`),
  instant: (value) => Date.parse(value),
  heure: (value) => Date.parse(chosen.jour.value) + value * 1000,
};

/** Return the rows of a table for the chosen values, as objects, with times in milliseconds. */
function rowsOf(name) {
  const table = data.tables[name];
  const filed = table.choisie_par.reduce((rows, column) => rows?.[chosen[column].value], table.lignes) ?? [];
  return filed.map((row) =>
    Object.fromEntries(
      table.colonnes.map(({ nom, genre }, place) => {
        const value = row[place];
        return [nom, value === null || !(genre in READERS) ? value : READERS[genre](value)];
      }),
    ),
  );
}

function element(name, text, className) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  return made;
}

/** Write rows as a table, or the sentence for no rows. */
function writeTable(place, name, rows, empty) {
  if (!rows.length) return place.replaceChildren(element("p", empty, "vide"));
  const columns = data.tables[name].colonnes;
  const table = element("table");
  const head = table.createTHead().insertRow();
  for (const { titre, genre } of columns) {
    const cell = element("th", titre, genre === "nombre" ? "nombre" : "");
    cell.scope = "col";
    head.append(cell);
  }
  const body = table.createTBody();
  for (const row of rows) {
    const line = body.insertRow();
    if (row.gravite) line.className = row.gravite;
    for (const { nom, genre, titre } of columns) {
      const className = genre === "nombre" ? "nombre" : genre === "texte" ? "" : "court";
      const cell = element("td", row[nom] === null ? "–" : FORMS[genre](row[nom]), className);
      cell.dataset.titre = titre;
      line.append(cell);
    }
  }
  place.replaceChildren(table);
}

/** Return the start and end of the timeline: the chosen hour, or from the first piece to the last. */
function timeWindow() {
  if (chosen.tranche.value) {
    const from = Date.parse(chosen.jour.value) + chosen.tranche.value * HOUR;
    return [from, from + HOUR];
  }
  const segments = rowsOf("segments");
  const pieces = rowsOf("pieces");
  const from = segments[0]?.debut ?? pieces[0]?.heure ?? 0;
  const to = segments.at(-1)?.fin ?? from;
  return [from, Math.max(to, from + 60 * 1000)];
}

const embedded = {};
const views = new Map();
const labelLimit = matchMedia("(min-width: 50rem)").matches ? 260 : 165;
const PAPER_WIDTH = 680;

/** Draw a chart, and the rows below it if they are open; or show the sentence for no data. */
async function draw(name) {
  const { tables, a_lire: read, image } = pictures[name];
  const figure = byId(name);
  const place = figure.querySelector(".image");
  const details = figure.querySelector("details");
  const rows = tables.map((table) => [table, rowsOf(table)]);
  const isEmpty = rows.every(([, these]) => !these.length);
  place.hidden = details.hidden = isEmpty;
  figure.querySelector(".vide").hidden = !isEmpty;
  details.ontoggle = () => details.open && writeTable(details.querySelector(".tableau"), read, rowsOf(read), "");
  details.ontoggle();
  if (isEmpty) return;
  embedded[name] ??= vegaEmbed(place, { ...image, datasets: Object.fromEntries(rows) }, {
    actions: false, renderer: "svg", ast: true, formatLocale: NUMBERS, timeFormatLocale: DATES, config: { axis: { labelLimit } },
  });
  const { view } = await embedded[name];
  views.set(name, view);
  const signals = view.getState().signals;
  if ("jour" in signals) view.signal("jour", chosen.jour.value);
  if ("de" in signals) {
    const [from, to] = timeWindow();
    view.signal("de", from).signal("a", to);
  }
  for (const [table, these] of rows) view.data(table, these);
  await view.resize().runAsync();
}

const TILES = [
  ["pieces", "Pièces", "", "ecart_habituel"],
  ["cadence", "Cadence", "pièces/h"],
  ["taux_occupation_net", "Occupation nette", "%"],
  ["temps_production_net", "Production", "h"],
  ["temps_attente_net", "Attente", "h"],
  ["temps_arret_net", "Arrêt", "h"],
  ["temps_cycle_median_secondes", "Cycle médian", "s"],
  ["metres_profil", "Profilé", "m"],
];

/** Show the figures of the chosen day. */
function writeTiles() {
  const day = rowsOf("journees").find(({ jour }) => jour === chosen.jour.value);
  byId("chiffres-vides").hidden = day !== undefined;
  byId("chiffres").replaceChildren(
    ...(day ? TILES : []).map(([name, title, unit, change]) => {
      const tile = element("div");
      tile.dataset.nom = name;
      const value = element("dd", day[name] === null ? "–" : number.format(day[name]));
      if (unit && day[name] !== null) value.append(element("small", `\u00a0${unit}`));
      tile.append(element("dt", title), value);
      if (change && day[change] !== null) {
        const usual = `${number.format(day.pieces_habituelles)} d’habitude (${day.comparables} journées)`;
        tile.append(element("dd", `${signed.format(day[change])}\u00a0% : ${usual}`, "variation"));
      }
      return tile;
    }),
  );
}

/** Offer the hours of the chosen day; keep the chosen hour if the day has it. */
function offerHours() {
  const before = chosen.tranche.value;
  const hours = rowsOf("heures").filter(({ jour }) => jour === chosen.jour.value).map((row) => row.heure_de_journee);
  const options = hours.map((hour) => new Option(`${hour % 24} h – ${(hour + 1) % 24} h`, hour));
  chosen.tranche.replaceChildren(new Option("toutes", ""), ...options);
  chosen.tranche.value = hours.includes(Number(before)) && before !== "" ? before : "";
}

async function show() {
  const { centre, jour } = chosen;
  const day = jour.value && shownDay(jour.value, FORMATS.long);
  document.querySelectorAll(".centre-et-jour").forEach((place) => (place.textContent = [centre.value, day].filter(Boolean).join(", ")));
  document.querySelectorAll(".centre-seul").forEach((place) => (place.textContent = centre.value));
  byId("sans-detail").hidden = !jour.value || data.jours.indexOf(jour.value) < data.jours_detailles;
  offerHours();
  writeTiles();
  document.documentElement.dataset.dessine = "";
  for (const name of Object.keys(pictures)) await draw(name);
  document.documentElement.dataset.dessine = `${centre.value} ${jour.value} ${chosen.tranche.value}`;
}

// On paper the charts are as wide as the sheet, whatever the screen is.
addEventListener("beforeprint", () => views.forEach((view) => view.width(PAPER_WIDTH).run()));
addEventListener("afterprint", () => dispatchEvent(new Event("resize")));

chosen.centre.replaceChildren(...rowsOf("centres").map((row) => new Option(`${row.centre} (${row.type_cu})`, row.centre)));
chosen.jour.replaceChildren(...data.jours.map((day) => new Option(shownDay(day), day)));
byId("periode").textContent = data.jours.length
  ? `Du ${shownDay(data.jours.at(-1), FORMATS.long)} au ${shownDay(data.jours[0], FORMATS.long)}. Établi le ${FORMATS.instant.format(Date.parse(data.etabli_le))}.`
  : `Aucune journée de production n'est encore chargée. Établi le ${FORMATS.instant.format(Date.parse(data.etabli_le))}.`;
for (const name of ["derniers_fichiers", "alertes"]) writeTable(byId(name), name, rowsOf(name), byId(name).dataset.vide);
for (const select of Object.values(chosen)) select.addEventListener("change", show);
await show();
