// Shows the data of what is chosen: a centre, and a day, a week or a period. It filters rows and writes values; it computes nothing.

const byId = (id) => document.getElementById(id);
const json = (id) => JSON.parse(byId(id).textContent);
const data = json("donnees");
const packed = json("detail");
const pictures = json("images");
const root = document.documentElement;

// --- What is in the page ---

const NUMBERS = { decimal: ",", thousands: "\u202f", grouping: [3], currency: ["", "\u00a0€"], percent: "\u202f%" };
const DATES = {
  dateTime: "%A %e %B %Y à %X", date: "%d/%m/%Y", time: "%H:%M:%S", periods: ["AM", "PM"],
  days: ["dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"],
  shortDays: ["dim.", "lun.", "mar.", "mer.", "jeu.", "ven.", "sam."],
  months: ["janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"],
  shortMonths: ["janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."],
};
// Times of the factory's clock are handled as UTC, so that no time zone moves them. Times of the platform are shown in the reader's time zone.
const clock = (options, timeZone = "UTC") => new Intl.DateTimeFormat("fr-FR", { ...options, timeZone });
const DATE = { day: "2-digit", month: "2-digit", year: "numeric" };
const TIME = { hour: "2-digit", minute: "2-digit" };
const CLOCKS = {
  jour: clock({ weekday: "short", ...DATE }),
  date: clock(DATE),
  court: clock({ day: "2-digit", month: "2-digit" }),
  long: clock({ weekday: "long", day: "numeric", month: "long", year: "numeric" }),
  moment: clock({ ...DATE, ...TIME, second: "2-digit" }),
  minute: clock({ ...DATE, ...TIME }),
  heure: clock({ ...TIME, second: "2-digit" }),
  heureMinute: clock(TIME),
  instant: clock({ ...DATE, ...TIME }, undefined),
};
const decimals = (number, more) => {
  const format = new Intl.NumberFormat("fr-FR", { minimumFractionDigits: number, maximumFractionDigits: number, ...more });
  // Of a text, so that the decimals that SQL gave are rounded, not those of a binary number.
  return (value) => format.format(String(value));
};
const whole = decimals(0);
const one = decimals(1);
const signed = decimals(1, { signDisplay: "exceptZero" });

/** Write a duration: 6 h 49, 47 min, 38 s. It is a whole number of `unit` hundredths of a second. */
function duration(number, unit) {
  const seconds = Math.round((number * unit) / 100);
  if (seconds === 0) return "0 min";
  if (seconds < 60) return `${seconds}\u00a0s`;
  const minutes = Math.round((number * unit) / 6000);
  if (minutes < 60) return `${minutes}\u00a0min`;
  return `${whole(Math.floor(minutes / 60))}\u00a0h\u00a0${String(minutes % 60).padStart(2, "0")}`;
}

// How a value of each kind is written in the page, and its unit in a CSV file, where it is a number.
const FORMS = {
  texte: (value) => value,
  entier: whole,
  decimal: one,
  pourcent: (value) => `${one(value)}\u00a0%`,
  metres: (value) => `${whole(value)}\u00a0m`,
  heures: (value) => duration(Math.round(value * 10000), 36),
  minutes: (value) => duration(Math.round(value * 10000), 0.6),
  cycle: (value) => `${whole(value)}\u00a0s`,
  booleen: (value) => (value ? "oui" : "non"),
  tranche: (value) => `${value % 24}\u00a0h – ${(value + 1) % 24}\u00a0h`,
  jour: (value) => CLOCKS.jour.format(Date.parse(value)),
  semaine: (value) => `sem. du ${CLOCKS.date.format(Date.parse(value))}`,
  moment: (value) => CLOCKS.minute.format(value),
  seconde: (value) => CLOCKS.moment.format(value),
  instant: (value) => CLOCKS.instant.format(value),
  heure: (value) => CLOCKS.heure.format(value),
};
const UNITS = { pourcent: " (%)", metres: " (m)", heures: " (h)", minutes: " (min)", cycle: " (s)" };
const NUMERIC = new Set(["entier", "decimal", "pourcent", "metres", "heures", "minutes", "cycle"]);
const local = (value) => Date.parse(`${value}Z`);
const READERS = { moment: local, seconde: local, instant: (value) => Date.parse(value) };

/** Return rows as objects, with times in milliseconds; `…_lu` is a value as it is written. */
function objects(columns, rows) {
  return rows.map((row) => {
    const made = {};
    columns.forEach(({ nom, genre }, place) => {
      const value = row[place] !== null && genre in READERS ? READERS[genre](row[place]) : row[place];
      made[nom] = value;
      made[`${nom}_lu`] = value === null ? "–" : FORMS[genre](value);
    });
    return made;
  });
}

/** Return the rows of a table that the choice does not filter. */
const rowsOf = (name) => objects(data.tables[name].colonnes, data.tables[name].lignes);

/** Return the rows of a table for a centre and a choice. */
const rowsFor = (name, centre, choice) =>
  objects(data.tables[name].colonnes, data.tables[name].lignes[centre]?.[choice] ?? []);

const choices = rowsOf("choix");
const centres = rowsOf("centres");
const GENRES = { jour: "journees", semaine: "semaines", periode: "periodes" };
const ofGenre = (genre) => choices.filter((choice) => choice.genre === genre);

/** Write what is chosen: in words if `long`. */
function named({ genre, du, au, nombre, numero }, long) {
  if (genre === "jour") return (long ? CLOCKS.long : CLOCKS.jour).format(Date.parse(du));
  const dates = `du ${CLOCKS[long ? "date" : "court"].format(Date.parse(du))} au ${CLOCKS.date.format(Date.parse(au))}`;
  if (genre === "semaine") return long ? `semaine ${numero}, ${dates}` : `S${numero} : ${dates}`;
  return `${nombre === 1 ? "dernière journée" : `${nombre} dernières journées`}, ${dates}`;
}

// --- The choice, which is in the address ---

const days = ofGenre("jour");
const periods = ofGenre("periode").sort((one, other) => one.nombre - other.nombre);
const DEFAULT_PERIOD = (periods.findLast(({ nombre }) => nombre <= 31) ?? periods[0])?.nombre;
let chosen;
// What the address asked for and the page does not have.
let missing = "";

const isDate = (text) => /^\d{4}-\d\d-\d\d$/.test(text ?? "") && !Number.isNaN(Date.parse(text));

/** Return the Monday of a date's week. */
function mondayOf(date) {
  const day = new Date(date);
  day.setUTCDate(day.getUTCDate() - ((day.getUTCDay() + 6) % 7));
  return day.toISOString().slice(0, 10);
}

/** Read the address. What it does not name, or names wrongly, is the default: the last finished day of the first centre. */
function read(address) {
  const asked = new URLSearchParams(address.slice(1));
  const found = (key) => choices.find(({ choix }) => choix === key);
  const day = found(asked.get("jour"));
  const askedWeek = isDate(asked.get("semaine")) ? mondayOf(asked.get("semaine")) : undefined;
  const week = found(`S${askedWeek}`);
  const length = found(`P${asked.get("periode")}`);
  const period = length ?? found(`P${DEFAULT_PERIOD}`);
  const choice = day ?? week ?? length ?? days.find(({ terminee }) => terminee) ?? days[0];
  const centre = (centres.find(({ centre }) => centre === asked.get("centre")) ?? centres[0])?.centre;
  const date = (text) => CLOCKS.date.format(Date.parse(text));
  const nothing = (what) => (choice ? `Rien à montrer pour ${what} ; voici ${choice.genre === "jour" ? "le " : "la "}${named(choice, true)}.` : "");
  missing = "";
  if (!day && isDate(asked.get("jour"))) missing = nothing(`le ${date(asked.get("jour"))}`);
  else if (!day && !week && askedWeek) missing = nothing(`la semaine du ${date(askedWeek)}`);
  const hours = choice?.genre === "jour" ? rowsFor("heures", centre, choice.choix) : [];
  const hour = hours.find(({ heure_de_journee: hour }) => String(hour) === asked.get("heure"))?.heure_de_journee;
  return { centre, choice, period, hour };
}

/** Return the address of a choice. */
function address({ centre, choice, period, hour }) {
  const parts = new URLSearchParams();
  if (centre) parts.set("centre", centre);
  if (choice?.genre === "jour") parts.set("jour", choice.choix);
  if (choice?.genre === "semaine") parts.set("semaine", choice.choix.slice(1));
  const length = choice?.genre === "periode" ? choice.nombre : period?.nombre;
  if (length && (choice.genre === "periode" || length !== DEFAULT_PERIOD)) parts.set("periode", length);
  if (hour !== undefined) parts.set("heure", hour);
  return `#${parts}`;
}

const changed = (change) => ({ ...chosen, hour: undefined, ...change });
const dayChoice = (day) => days.find(({ choix }) => choix === day);

/** Choose something else; the browser goes back to what was chosen before. */
function choose(change) {
  location.hash = address(changed(change));
}

/** Return what is chosen of another genre: the week of a day, the last finished day of a week. */
function turned(genre) {
  const { choice, period } = chosen;
  if (genre === "periode") return period;
  const within = (inner, outer) => inner.du >= outer.du && inner.du <= outer.au;
  const same = ofGenre(genre).filter((each) => (genre === "semaine" ? within(choice, each) : within(each, choice)));
  return same.find(({ terminee }) => terminee) ?? same[0] ?? ofGenre(genre)[0];
}

/** Go to what is before (1) or after (-1), as far as there is something. */
function step(by) {
  const all = chosen.choice?.genre === "periode" ? periods : ofGenre(chosen.choice?.genre);
  const next = all[all.indexOf(chosen.choice) + by];
  if (next) choose({ choice: next });
}

// --- The pieces and states of a day, which are packed ---

/** Open what is compressed (zlib, base64) to a text. */
async function open(text) {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"))).text();
}

const sum = (steps) => {
  let value = 0;
  return steps.map((step) => (value += step));
};
const opened = {};
const STATES = { pr: "production", at: "attente", ar: "arret" };
const DETAIL = {
  pieces: [
    { nom: "numero_piece", genre: "entier", titre: "Pièce n°" },
    { nom: "heure", genre: "heure", titre: "Heure" },
    { nom: "details", genre: "texte", titre: "Étiquette" },
    { nom: "reference", genre: "texte", titre: "Profilé" },
  ],
  segments: [
    { nom: "etat", genre: "texte", titre: "État" },
    { nom: "debut", genre: "heure", titre: "De" },
    { nom: "fin", genre: "heure", titre: "À" },
  ],
};

/** Return the rows of a centre's day, as packing.py took them apart. */
async function detailOf(centre, day) {
  opened[centre] ??= packed[centre] === undefined ? null : JSON.parse(await open(packed[centre]));
  const all = opened[centre];
  const place = all?.jours.indexOf(day) ?? -1;
  if (place < 0) return { pieces: [], segments: [] };
  const midnight = Date.parse(day);
  const numbers = all.nombres[place].map(sum);
  const next = numbers.map(() => 0);
  const labels = all.etiquettes[place].map((pattern) => {
    let column = 0;
    return all.modeles[pattern]?.replaceAll("\0", () => numbers[column][next[column++]++]) ?? null;
  });
  const times = sum(all.heures[place]);
  const profiles = all.references[place].map((profile) => all.profils[profile]);
  const pieces = sum(all.numeros[place]).map((number, at) => [number, midnight + times[at] * 1000, labels[at], profiles[at]]);
  const ends = sum(all.bornes[place]).map((time) => midnight + time * 1000);
  const states = all.etats[place].match(/../g) ?? [];
  const segments = states.map((state, at) => [STATES[state], ends[at], ends[at + 1]]);
  return { pieces: objects(DETAIL.pieces, pieces), segments: objects(DETAIL.segments, segments) };
}

// --- The sets of rows that pictures and tables show ---

const OF_A_DAY = { nom: "jour", genre: "jour", titre: "Journée" };
const columnsOf = {
  // How many rows there are in all is in each row, and said elsewhere.
  ...Object.fromEntries(Object.entries(data.tables).map(([name, { colonnes }]) => [name, colonnes.filter(({ nom }) => nom !== "en_tout")])),
  ...DETAIL,
  avancement: data.tables.commandes.colonnes,
  carte: [OF_A_DAY, ...data.tables.heures.colonnes],
  tendance: data.tables.journees.colonnes,
};
// The columns of a wide set that its table shows; its CSV file has all.
const areAllDone = rowsOf("sources").every(({ resultat }) => resultat === "réussi");
const SHOWN = {
  sources: ["quoi", "debut", "resultat", ...(areAllDone ? [] : ["dernier_reussi"])],
  tendance: [
    "jour", "pieces", "pieces_habituelles", "ecart_habituel", "taux_disponibilite", "taux_occupation_net", "temps_production_net",
    "temps_attente_net", "temps_arret_net", "motif",
  ],
  derniers_evenements: ["centre", "dernier_evenement", "dernier_fichier"],
  commandes: ["commande", "affaire", "statut", "semaine", "pieces", "pieces_par_centre", "derniere_piece", "date_modification"],
  commandes_a_planifier: ["commande", "affaire", "statut", "age_jours", "premiere_entree", "premier_accessoire", "derniere_note"],
};
let sets = {};

async function readSets() {
  const { centre, choice, period } = chosen;
  const trend = days.filter(({ du }) => period && du >= period.du && du <= period.au).reverse();
  const isDay = choice?.genre === "jour";
  sets = {
    ...(isDay ? await detailOf(centre, choice.choix) : { pieces: [], segments: [] }),
    avancement: rowsOf("commandes").filter(({ pieces }) => pieces !== null).slice(0, 10),
    tendance: trend.flatMap(({ choix }) => rowsFor("journees", centre, choix)),
    carte: trend.flatMap(({ choix }) => rowsFor("heures", centre, choix).map((row) => ({ jour: choix, jour_lu: FORMS.jour(choix), ...row }))),
  };
  for (const name of ["heures", "pertes", "pertes_profils", "arrets", "profils"]) sets[name] = rowsFor(name, centre, choice?.choix);
}
const setOf = (name) => (name === "centres_choisis" ? comparison() : (sets[name] ?? rowsOf(name)));

// --- Elements ---

function element(name, text, className) {
  const made = document.createElement(name);
  if (text !== undefined) made.append(...[text].flat());
  if (className) made.className = className;
  return made;
}

/** Return a link to a choice; a click on it also shows the centre. */
function link(text, change, goes) {
  const made = element("a", text);
  made.href = address(changed(change));
  if (goes) made.addEventListener("click", () => goTo("centre-section"));
  return made;
}

function goTo(section) {
  const head = byId(section).querySelector("h2");
  head.scrollIntoView();
  head.focus({ preventScroll: true });
}

/** Return rows as a table. */
function tableOf(columns, rows) {
  const table = element("table");
  const head = table.createTHead().insertRow();
  for (const { titre, genre } of columns) {
    const cell = element("th", titre, NUMERIC.has(genre) ? "nombre" : "");
    cell.scope = "col";
    head.append(cell);
  }
  const body = table.createTBody();
  for (const row of rows) {
    const line = body.insertRow();
    for (const { nom, genre, titre } of columns) {
      const text = row[`${nom}_lu`];
      const isDay = genre === "jour" && dayChoice(row[nom]);
      const value = element("span", isDay ? link(text, { choice: dayChoice(row[nom]), ...(row.centre && { centre: row.centre }) }) : text);
      const cell = element("td", value, NUMERIC.has(genre) ? "nombre" : genre === "texte" ? "" : "court");
      cell.dataset.titre = titre;
      line.append(cell);
    }
  }
  return table;
}

/** Write a table that is always open, or the sentence for no rows. */
function writeTable(name, rows = rowsOf(name), empty = undefined) {
  const block = byId(name);
  const place = block.querySelector(".tableau");
  const columns = columnsOf[name].filter(({ nom }) => SHOWN[name]?.includes(nom) ?? true);
  place.replaceChildren(rows.length ? tableOf(columns, rows) : element("p", empty ?? place.dataset.vide, "vide"));
  if (rows.length > 15) place.append(element("p", "Sur papier, les 15 premières lignes.", "papier limite"));
  block.querySelector(".fichiers").replaceChildren(...(rows.length ? [saver(name, "CSV", block.querySelector("h3").firstChild.textContent)] : []));
}

// --- CSV ---

const two = (number) => String(number).padStart(2, "0");
const spoken = (time, zone) => new Date(time).toLocaleString("fr-FR", { ...DATE, ...TIME, second: "2-digit", timeZone: zone }).replace(",", "");
const RAW = {
  booleen: FORMS.booleen,
  tranche: (value) => `${two(value % 24)}:00`,
  jour: (value) => CLOCKS.date.format(Date.parse(value)),
  semaine: (value) => CLOCKS.date.format(Date.parse(value)),
  moment: (value) => spoken(value, "UTC"),
  seconde: (value) => spoken(value, "UTC"),
  instant: (value) => spoken(value, undefined),
  heure: (value) => spoken(value, "UTC"),
};

/** Write a value for a spreadsheet. A text that would be a formula there is none behind an apostrophe. */
function cellOf(value, genre) {
  if (value === null || value === undefined) return "";
  if (NUMERIC.has(genre)) return String(genre === "minutes" ? Math.round(value * 100) / 100 : value).replace(".", ",");
  const text = genre in RAW ? RAW[genre](value) : String(value).replace(/^(?=[=+\-@\t\r])/, "'");
  return /[";\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Return a set of rows as a CSV file for a French spreadsheet. */
function csvOf(name) {
  const columns = columnsOf[name];
  const head = columns.map(({ titre, genre }) => cellOf(titre + (UNITS[genre] ?? ""), "texte"));
  const lines = setOf(name).map((row) => columns.map(({ nom, genre }) => cellOf(row[nom], genre)));
  return `\ufeff${[head, ...lines].map((cells) => `${cells.join(";")}\r\n`).join("")}`;
}

/** Return a button that saves a set of rows. */
function saver(name, text = "CSV", title = name.replaceAll("_", " ")) {
  const button = element("button", text, "csv");
  button.type = "button";
  button.dataset.jeu = name;
  button.setAttribute("aria-label", `Enregistrer en CSV : ${title}`);
  button.addEventListener("click", () => {
    const file = element("a");
    file.href = URL.createObjectURL(new Blob([csvOf(name)], { type: "text/csv;charset=utf-8" }));
    // What the choice does not filter is not named after it.
    const isFiltered = name !== "avancement" && data.tables[name]?.choisie_par.length !== 0;
    file.download = ["rapport", name, ...(isFiltered ? [chosen.centre, chosen.choice?.choix] : [])].filter(Boolean).join("-").replace(/[^\w.-]+/g, "_") + ".csv";
    file.click();
    setTimeout(() => URL.revokeObjectURL(file.href), 1000);
  });
  return button;
}

// --- What needs attention ---

const LATE = new Set(["aucun_evenement", "source_perimee", "chargement_en_echec", "construction_en_echec"]);
const ELSEWHERE = { commande: "commandes-section", fichier: "fichiers-section", dossier: "fichiers-section", source: "attention" };

/** Return an alert, which leads to what it is about. */
function alertItem(alert) {
  const item = element("li", undefined, alert.gravite);
  const badge = alert.en_cours ? [element("span", "en cours", `etiquette ${alert.gravite}`)] : [];
  const day = alert.jour && dayChoice(alert.jour);
  const isCentre = centres.some(({ centre }) => centre === alert.centre);
  let about = element("span", alert.message);
  if (isCentre && (day || !alert.jour)) about = link(alert.message, { centre: alert.centre, ...(day && { choice: day }) }, true);
  else if (ELSEWHERE[alert.sujet_type] && ELSEWHERE[alert.sujet_type] !== "attention") {
    about = element("a", alert.message);
    about.href = location.hash;
    about.addEventListener("click", (event) => {
      event.preventDefault();
      goTo(ELSEWHERE[alert.sujet_type]);
    });
  }
  item.append(...badge, about);
  return item;
}

const ALERTS_SHOWN = 8;
function writeAlerts() {
  const alerts = rowsOf("alertes");
  byId("alertes").replaceChildren(...alerts.slice(0, ALERTS_SHOWN).map(alertItem));
  if (!alerts.length) byId("alertes").replaceWith(Object.assign(element("p", "Aucune alerte."), { id: "alertes" }));
  const others = byId("autres-alertes");
  others.hidden = alerts.length <= ALERTS_SHOWN;
  others.querySelector("summary").textContent = `Les autres, jusqu'à la ${alerts.length}e`;
  others.querySelector("ul").replaceChildren(...alerts.slice(ALERTS_SHOWN).map(alertItem));
  byId("alertes-limite").hidden = alerts[0] === undefined || alerts[0].en_tout === alerts.length;
  byId("alertes-limite").textContent = `La page en montre ${alerts.length} sur ${alerts[0]?.en_tout_lu}.`;
  document.querySelector("[data-csv=alertes]").append(...(alerts.length ? [saver("alertes")] : []));
  if (alerts.some(({ type, en_cours: lasts }) => lasts && LATE.has(type))) {
    byId("derniers_evenements").querySelector("h3").append(" ", element("span", "pas à jour", "etiquette critique"));
  }
}

// --- All centres ---

const rowOf = (centre, choice = chosen.choice) => rowsFor(GENRES[choice?.genre] ?? "journees", centre, choice?.choix)[0];
const FIGURES = [
  "pieces", "pieces_habituelles", "ecart_habituel", "taux_disponibilite", "taux_occupation_net", "taux_attente_net", "taux_arret_net",
  "temps_production_net", "temps_attente_net", "temps_arret_net", "temps_arret_en_pause", "temps_arret_hors_pause", "temps_sans_piece_en_horaire", "terminee", "motif",
];
columnsOf.centres_choisis = [data.tables.centres.colonnes[0], ...data.tables.journees.colonnes.filter(({ nom }) => FIGURES.includes(nom))];
const comparison = () => centres.map(({ centre }) => ({ ...rowOf(centre), centre, centre_lu: centre }));

/** Return whether what is chosen goes on: a centre that has no session yet is as far as those that have one. */
const goesOn = () => centres.some(({ centre }) => rowOf(centre)?.terminee === false);

/** Say why there are no figures of a centre. */
function reason(row) {
  const isDay = chosen.choice?.genre === "jour";
  if (isDay && row && row.motif !== null && row.motif !== "horaire non déclaré") return `Aucune session : ${row.motif}.`;
  if (goesOn() && chosen.choice.genre !== "periode") return `Aucune session pour l'instant : la ${isDay ? "journée" : "semaine"} est en cours.`;
  if (!isDay) return "Aucune session.";
  if (row === undefined) return "Pas encore de session à cette date.";
  if (row.motif !== null) return "Aucune session.";
  return row.temps_prevu === null ? "Aucune session." : `Aucune session, alors que ${row.temps_prevu_lu} de travail étaient prévues.`;
}

/** Write the time of a row's last event, with its date where that is another. */
function lastSeen({ derniere_donnee: time, derniere_donnee_lu: written, jour }) {
  return new Date(time).toISOString().startsWith(jour) ? `à ${CLOCKS.heureMinute.format(time)}` : `le ${written.replace(" ", " à ")}`;
}

/** Say that a row is not of a finished day, and how far it goes. */
function unfinished(row) {
  if (row?.terminee !== false) return "";
  if (chosen.choice.genre === "periode") return "avec une journée en cours";
  return row.derniere_donnee ? `en cours, dernières données ${lastSeen(row)}` : "en cours";
}

const has = (row) => row !== undefined && row.pieces !== null && row.pieces !== undefined;

function deviation(row) {
  if (row.ecart_habituel === null || row.ecart_habituel === undefined) return element("span", "–");
  const sign = row.ecart_habituel > 0 ? "▲" : row.ecart_habituel < 0 ? "▼" : "=";
  const tone = row.verdict === "ordinaire" ? "" : row.ecart_habituel > 0 ? "mieux" : "moins";
  return element("span", `${sign} ${signed(row.ecart_habituel)}\u00a0%`, tone);
}

/** Draw a bar from 0 to the most of all centres, with a mark. */
function bar(value, mark, most) {
  const made = element("span", undefined, "barre");
  made.setAttribute("aria-hidden", "true");
  const fill = element("i");
  fill.style.width = `${(100 * value) / most}%`;
  made.append(fill);
  if (mark !== null && mark !== undefined) {
    const line = element("b");
    line.style.left = `${(100 * mark) / most}%`;
    made.append(line);
  }
  return made;
}

function parts(row) {
  const made = element("span", undefined, "parts");
  made.setAttribute("aria-hidden", "true");
  for (const [rate, colour] of [["taux_occupation_net", "production"], ["taux_attente_net", "attente"], ["taux_arret_net", "arret"]]) {
    const part = element("i");
    part.style.width = `${row[rate] ?? 0}%`;
    part.style.background = `var(--${colour})`;
    made.append(part);
  }
  return made;
}

function writeCentres() {
  const rows = comparison();
  const most = Math.max(1, ...rows.flatMap((row) => [row.pieces ?? 0, row.pieces_habituelles ?? 0]));
  const declared = rows.some((row) => row.taux_disponibilite !== null && row.taux_disponibilite !== undefined);
  const alerted = new Set(rowsOf("alertes").filter(({ jour }) => jour === chosen.choice?.choix).map(({ centre }) => centre));
  const table = element("table");
  const planned = rows.some((row) => (row.temps_sans_piece_en_horaire ?? null) !== null);
  const compared = chosen.choice?.genre !== "periode";
  const heads = ["Centre", "Pièces", "", ...(compared ? ["D'habitude", "Écart"] : [])];
  heads.push(declared ? "Disponibilité" : "Occupation nette", "Temps", "Production", "Attente", "Arrêt", ...(planned ? ["Sans pièce"] : []));
  const line = table.createTHead().insertRow();
  for (const head of heads) {
    const cell = element("th", head, /Pièces|habitude|Écart|Dispo|Occup|Produ|Attente|Arrêt|Sans/.test(head) ? "nombre" : "");
    cell.scope = "col";
    line.append(cell);
  }
  const body = table.createTBody();
  for (const row of rows) {
    const tr = body.insertRow();
    tr.classList.toggle("choisi", row.centre === chosen.centre);
    const name = element("th", link(row.centre, { centre: row.centre }, true));
    name.scope = "row";
    if (alerted.has(row.centre)) name.append(" ", element("span", "alerte", "etiquette critique"));
    if (unfinished(row)) name.append(element("br"), element("small", unfinished(row)));
    tr.append(name);
    const add = (title, content, className = "nombre") => {
      const cell = element("td", element("span", content), className);
      cell.dataset.titre = title;
      tr.append(cell);
      return cell;
    };
    if (!has(row)) {
      add("", reason(rowOf(row.centre)), "sans-titre").colSpan = heads.length - 1;
      continue;
    }
    add("Pièces", row.pieces_lu);
    tr.append(Object.assign(element("td", bar(row.pieces, row.pieces_habituelles, most)), { className: "sans-titre" }));
    if (compared) {
      add("D'habitude", row.pieces_habituelles_lu ?? "–");
      add("Écart", deviation(row));
    }
    if ((row.taux_disponibilite ?? null) !== null) add("Disponibilité", row.taux_disponibilite_lu);
    else if (!declared) add("Occupation nette", row.taux_occupation_net_lu);
    else add("Occupation nette", [row.taux_occupation_net_lu, element("br"), element("small", "occupation nette")]);
    tr.append(Object.assign(element("td", parts(row)), { className: "sans-titre" }));
    add("Production", row.temps_production_net_lu);
    add("Attente", row.temps_attente_net_lu);
    const inBreaks = row.temps_arret_en_pause ? [element("br"), element("small", `dont pauses ${row.temps_arret_en_pause_lu}`)] : [];
    add("Arrêt", [row.temps_arret_net_lu, ...inBreaks]);
    if (planned) add("Sans pièce", row.temps_sans_piece_en_horaire_lu ?? "–");
  }
  document.querySelector("#centres .tableau").replaceChildren(centres.length ? table : element("p", "Aucun centre n'est déclaré.", "vide"));
  const legend = [["production", "production"], ["attente", "attente"], ["arret", "arrêt"]].flatMap(([colour, text]) => {
    const key = element("i");
    key.style.background = `var(--${colour})`;
    return [key, text];
  });
  byId("centres-note").replaceChildren(
    "Cliquer sur un centre en montre le détail. ",
    compared
      ? `Le trait est l'habitude du centre ; est ordinaire ce qui en est à 5 % près${chosen.choice?.genre === "semaine" ? "" : ", ou pas plus loin que d'habitude"}.`
      : "Une période est la somme de ses journées : elle n'a ni habitude ni disponibilité.",
    planned ? " Sans pièce : prévu, avant la première pièce ou après la dernière." : "",
    " Temps de la première à la dernière pièce :",
    element("span", legend, "legende"),
  );
  document.querySelector("[data-csv=centres_choisis]").replaceChildren(saver("centres_choisis"));
}

// --- One centre ---

const sentence = (...words) => words.filter(Boolean).join(" ");

/** Say how the day or week was, in a sentence. */
function fact(row) {
  if (!has(row)) return reason(row);
  const plural = (number, text, noun, more = "s") => `${text}\u00a0${noun}${number > 1 || number < -1 ? more : ""}`;
  const made = plural(row.pieces, row.pieces_lu, "pièce");
  const span = { jour: "journée", semaine: "semaine" }[chosen.choice.genre];
  if (unfinished(row) && span) return `${made}, ${unfinished(row)} : une ${span} en cours n'est comparée à rien.`;
  if (chosen.choice.genre === "periode") return `${made} en ${plural(row.jours_avec_pieces, row.jours_avec_pieces_lu, "journée")}.`;
  const what = chosen.choice.genre === "jour" ? "journées" : "semaines";
  const unit = chosen.choice.genre === "jour" ? "" : ` en ${plural(row.jours_ouverts, row.jours_ouverts_lu, "jour")} ouvert${row.jours_ouverts > 1 ? "s" : ""}`;
  const usual = row.ecart_habituel === null
    ? `Trop peu de ${what} comparables pour dire si c'est beaucoup.`
    : sentence(
        row.verdict ? `Une ${what.slice(0, -1)} ${row.verdict} :` : "",
        `${row.pieces_habituelles_lu} d'habitude${unit} (${row.comparables_lu} ${what} comparables), soit ${signed(row.ecart_habituel)}\u00a0%.`,
      );
  return `${made}. ${usual}`;
}

/** Say where most time was lost. */
function loss() {
  const most = sets.pertes.find(({ part }) => part !== null);
  return most ? ` La plus grande perte : ${most.perte.toLowerCase()}, ${most.minutes_lu} (${most.part_lu} de ce qui est perdu hors des pauses${sets.pertes.some(({ etat }) => etat === "hors_poste") ? " et pendant les postes" : ""}).` : "";
}

const TILES = [
  ["pieces", "Pièces"],
  ["taux_disponibilite", "Disponibilité", (row) => `de ${row.temps_prevu_lu} prévues`],
  ["taux_performance", "Performance", () => "de la cadence déclarée"],
  ["taux_occupation_net", "Occupation nette", () => "de la première à la dernière pièce"],
  ["temps_production_net", "Production"],
  ["temps_attente_net", "Attente"],
  ["temps_arret_net", "Arrêt", (row) => (row.temps_arret_en_pause ? `dont pauses ${row.temps_arret_en_pause_lu}` : "")],
  ["temps_sans_piece_en_horaire", "Sans pièce", () => "prévu avant la première ou après la dernière"],
  ["cadence", "Cadence", () => "pièces par heure de production"],
  ["temps_cycle_median_secondes", "Cycle médian"],
  ["metres_profil", "Profilé"],
  ["nombre_arrets", "Arrêts", (row) => `et ${row.nombre_attentes_lu} attentes`],
];

function writeTiles(row) {
  byId("chiffres").replaceChildren(
    ...(has(row) ? TILES : []).filter(([name]) => (row[name] ?? null) !== null).map(([name, title, precision]) => {
      const tile = element("div", [element("dt", title), element("dd", row[`${name}_lu`])]);
      tile.dataset.nom = name;
      const more = precision?.(row);
      if (more) tile.append(element("dd", more, "precision"));
      return tile;
    }),
  );
}

// --- Pictures ---

const embedded = {};
const views = new Map();
const labelLimit = matchMedia("(min-width: 50rem)").matches ? 230 : 150;
// The widths at which a whole and a half figure are drawn for a sheet of A4, which shows them a little smaller.
const PAPER = { large: 820, half: 400, height: 200 };
let drawer;

/** Run the script that draws, once. */
function loadDrawer() {
  drawer ??= open(byId("dessinateur").textContent).then((text) => {
    const script = element("script", `{${text}\n}`);
    script.nonce = document.querySelector("script[nonce]").nonce;
    document.head.append(script);
  });
  return drawer;
}

/** Return the start and end of the timeline: the chosen hour, or from the first piece to the last. */
function timeWindow() {
  if (chosen.hour !== undefined) {
    const from = Date.parse(chosen.choice.choix) + chosen.hour * 3600 * 1000;
    return [from, from + 3600 * 1000];
  }
  const from = sets.segments[0]?.debut ?? sets.pieces[0]?.heure ?? 0;
  const to = sets.segments.at(-1)?.fin ?? from;
  return [from, Math.max(to, from + 60 * 1000)];
}

/** Go where a mark of a picture leads: to its day, or to its hour. */
function follow(name, mark) {
  if (!mark) return;
  if (name === "heures" && chosen.choice?.genre === "jour") {
    choose({ hour: chosen.hour === mark.heure_de_journee ? undefined : mark.heure_de_journee });
    byId("chronologie").scrollIntoView({ block: "nearest" });
  } else if (["pieces", "occupation", "carte", "arrets"].includes(name) && dayChoice(mark.jour) && mark.jour !== chosen.choice?.choix) {
    choose({ choice: dayChoice(mark.jour) });
  }
}

// The main fact of a picture, for readers who do not see it.
const FACTS = {
  chronologie: () => fact(rowOf(chosen.centre)),
  pertes: () => loss(),
  arrets: ([stop]) => `Le plus long : ${stop.minutes_hors_pause_lu}, le ${stop.timestamp_debut_lu}.`,
  pertes_profils: ([most]) => `Le plus de temps perdu : ${most.reference_lu}, ${most.minutes_lu}.`,
  profils: ([most]) => `Le plus de pièces : ${most.reference_lu}, ${most.pieces_lu}.`,
};

/** Draw a chart, and the rows below it if they are open; or show the sentence for no data. */
async function draw(name) {
  const { donnees: drawn, image } = pictures[name];
  const figure = byId(name);
  const place = figure.querySelector(".image");
  const details = figure.querySelector("details");
  const rows = drawn.map((set) => [set, setOf(set)]);
  const isEmpty = rows.every(([, these]) => !these.length);
  figure.querySelector(".dessin").hidden = figure.querySelector(".chiffres").hidden = isEmpty;
  figure.querySelector(".vide").hidden = !isEmpty;
  const table = details.querySelector(".tableau");
  details.ontoggle = () => {
    const columns = columnsOf[drawn[0]].filter(({ nom }) => SHOWN[drawn[0]]?.includes(nom) ?? true);
    table.replaceChildren(...(details.open ? [tableOf(columns, rows[0][1])] : []));
  };
  details.ontoggle();
  const names = { pieces: "CSV des pièces", segments: "CSV des états" };
  figure.querySelector(".fichiers").replaceChildren(...drawn.map((set) => saver(set, drawn.length > 1 ? names[set] : "CSV", sentence(figure.querySelector("h3").textContent, { pieces: "(pièces)", segments: "(états)" }[set]))));
  if (isEmpty) return;
  const label = sentence(`${figure.querySelector("h3").textContent}.`, FACTS[name]?.(rows[0][1]));
  figure.querySelector(".dessin").setAttribute("aria-label", label);
  // Vega keeps the order of the rows that it had first; where that is the order of the bars, the chart is made anew.
  if (JSON.stringify(image).includes('"sort":null')) {
    embedded[name]?.then((view) => view.finalize());
    delete embedded[name];
  }
  embedded[name] ??= vegaEmbed(place, { ...image, datasets: Object.fromEntries(rows) }, {
    actions: false, renderer: "svg", ast: true, formatLocale: NUMBERS, timeFormatLocale: DATES, config: { axis: { labelLimit } },
  }).then(({ view }) => {
    view.addEventListener("click", (_, item) => follow(name, item?.datum));
    views.set(name, view);
    return view;
  });
  const view = await embedded[name];
  const { signals } = view.getState();
  // Without a choice, as without any session, there is no day to mark.
  const marked = chosen.choice?.genre === "periode" ? undefined : chosen.choice;
  if ("jour" in signals) view.signal("jour", marked?.du ?? "");
  if ("fin" in signals) view.signal("fin", marked?.au ?? "");
  if ("de" in signals) {
    const [from, to] = timeWindow();
    view.signal("de", from).signal("a", to);
  }
  for (const [set, these] of rows) view.data(set, these);
  await view.resize().runAsync();
  // Vega describes its marks in English; `.dessin` has the description.
  for (const mark of [place, ...place.querySelectorAll("[aria-roledescription]")]) {
    for (const attribute of ["role", "aria-roledescription", "aria-label"]) mark.removeAttribute(attribute);
  }
}

/** Return the pictures' names and how far the reader is from seeing them, the nearest first. */
function inSight() {
  const distance = (name) => {
    const { top, bottom } = byId(name).getBoundingClientRect();
    return top > innerHeight ? top - innerHeight : bottom < 0 ? -bottom : 0;
  };
  const far = Object.fromEntries(Object.keys(pictures).map((name) => [name, distance(name)]));
  return Object.entries(far).sort(([, one], [, other]) => one - other);
}

// --- The page ---

/** Offer the hours of the chosen day. */
function offerHours() {
  const hours = chosen.choice?.genre === "jour" ? sets.heures : [];
  const options = hours.map((row) => new Option(row.heure_de_journee_lu, row.heure_de_journee));
  byId("tranche").replaceChildren(new Option("toutes", ""), ...options);
  byId("tranche").value = chosen.hour ?? "";
  byId("heure-choix").hidden = !hours.length;
}

function writeControls() {
  const { choice, period, centre } = chosen;
  byId("centre").value = centre ?? "";
  const all = choice?.genre === "periode" ? periods : ofGenre(choice?.genre);
  byId("quand").replaceChildren(...all.map((each) => new Option(named(each) + (each.terminee === false ? " (en cours)" : ""), each.choix)));
  byId("quand").value = choice?.choix ?? "";
  byId("tendance").value = period?.choix ?? "";
  byId("tendance-choix").hidden = choice?.genre === "periode";
  for (const radio of document.querySelectorAll("#genre input")) radio.checked = radio.value === choice?.genre;
  const place = all.indexOf(choice);
  byId("precedent").disabled = !all[place + 1];
  byId("suivant").disabled = !all[place - 1];
}

// The queries of orders give so many rows at most.
const ORDERS = 200;
// Whether the ERP was ever read: without that, that there are no orders would be false.
const isErpRead = rowsOf("sources").some(({ quoi, resultat, dernier_reussi: last }) => quoi.includes("ERP") && (last !== null || resultat === "réussi en partie"));
const NOT_READ = "Les commandes n'ont pas encore été chargées.";

/** Say why a list of orders is empty: nothing in it is as asked, or the ERP was not read; undefined if there are no orders. */
function emptyOrders(rows) {
  if (!rows.length) return isErpRead ? undefined : NOT_READ;
  return `Aucune commande de cette liste${rows.length < ORDERS ? "" : `, qui en montre ${ORDERS} au plus,`} ne correspond.`;
}

function writeOrders() {
  const asked = byId("recherche").value.trim().toLocaleLowerCase("fr");
  const fits = ({ commande, affaire }) => `${commande} ${affaire ?? ""}`.toLocaleLowerCase("fr").includes(asked);
  for (const name of ["commandes_a_planifier", "commandes"]) {
    const rows = rowsOf(name);
    writeTable(name, rows.filter(fits), emptyOrders(rows));
  }
}

function writeOrdersFact() {
  const [oldest] = rowsOf("commandes_a_planifier");
  const told = rowsOf("commandes").some(({ pieces }) => pieces !== null);
  const waiting = oldest ? `À planifier : ${oldest.en_tout_lu}${oldest.age_jours === null ? "" : `, dont la plus ancienne depuis ${oldest.age_jours_lu} jours`}.` : "";
  const progress = told || !choices.length || !rowsOf("commandes").length ? "" : "Les pièces faites par commande ne sont pas connues : les étiquettes des machines ne disent pas la commande (variable numero_commande_motif).";
  byId("commandes-fait").textContent = sentence(waiting, progress);
}

const noTimeline = byId("chronologie").querySelector(".vide").textContent;

/** Say what the page leaves out: days that are too long ago, or what is too much of a day. */
function writeLimit(row) {
  const first = data.premier_detail;
  const isLeftOut = has(row) && row.pieces > 0 && chosen.choice.genre === "jour" && (first === null || chosen.choice.choix < first);
  const since = first === null ? "la dernière journée en a plus" : `celles des journées depuis le ${CLOCKS.date.format(Date.parse(first))}`;
  byId("chronologie").querySelector(".vide").textContent = isLeftOut
    ? `Le détail de cette journée n'est pas dans la page, qui contient ${whole(data.en_tout)} pièces au plus : ${since}.`
    : noTimeline;
  const limit = byId("chronologie").querySelector(".limite");
  const most = data.par_journee;
  limit.hidden = sets.pieces.length < most && sets.segments.length < most;
  limit.textContent = `La page ne montre que les ${whole(most)} premières pièces et les ${whole(most)} premiers états ; la journée a ${row?.pieces_lu ?? "–"} pièces.`;
}

let turn = 0;

/** Show what the address chooses: first the words and numbers, then the pictures in sight, then the others. */
async function show() {
  const mine = ++turn;
  chosen = read(location.hash);
  if (location.hash !== address(chosen)) history.replaceState(null, "", address(chosen));
  root.dataset.dessine = "";
  await readSets();
  if (mine !== turn) return;
  const { centre, choice, period } = chosen;
  const row = rowOf(centre);
  const moment = choice ? named(choice, true) : "";
  document.querySelectorAll(".moment").forEach((place) => (place.textContent = moment));
  document.querySelectorAll("h2 .centre").forEach((place) => (place.textContent = centre ?? "Aucun centre"));
  document.querySelector("h2 .tendance").textContent = [centre, period && named(period)].filter(Boolean).join(", ");
  document.title = ["Rapport de production", centre, choice && named(choice)].filter(Boolean).join(" – ");
  byId("fait").textContent = choice ? sentence(missing, fact(row) + (has(row) ? loss() : "")) : "";
  byId("chronologie").hidden = choice !== undefined && choice.genre !== "jour";
  byId("centre-figures").hidden = choice !== undefined && !has(row);
  writeControls();
  offerHours();
  writeCentres();
  writeTiles(row);
  writeLimit(row);
  await loadDrawer();
  for (const [name, isFar] of inSight()) {
    if (isFar) root.dataset.pret = "";
    await draw(name);
    // Let the browser answer the reader between two pictures.
    await new Promise((resolve) => setTimeout(resolve));
    if (mine !== turn) return;
  }
  root.dataset.pret = "";
  root.dataset.dessine = address(chosen);
}

// A report is made every night: after so many milliseconds, 26 hours, a newer one should be there.
const OLD = 26 * 3600 * 1000;

/** Write what no choice changes, and listen to the reader. */
function begin() {
  const made = `Établi le ${CLOCKS.instant.format(Date.parse(data.etabli_le))}.`;
  byId("periode").textContent = days.length
    ? `Du ${CLOCKS.long.format(Date.parse(days.at(-1).du))} au ${CLOCKS.long.format(Date.parse(days[0].du))}. ${made}`
    : `Aucune journée de production n'est encore chargée. ${made}`;
  const isOld = Date.now() - Date.parse(data.etabli_le) > OLD;
  if (isOld) byId("periode").append(" ", element("span", "ce rapport a plus d'un jour", "etiquette critique"));
  byId("centre").replaceChildren(...centres.map((row) => new Option(`${row.centre} (${row.type_cu})`, row.centre)));
  byId("tendance").replaceChildren(...periods.map((each) => new Option(`${each.nombre} journées`, each.choix)));
  writeAlerts();
  for (const name of ["derniers_evenements", "sources", "derniers_fichiers", "rejets", "notes_qualite"]) writeTable(name);
  writeOrders();
  writeOrdersFact();
  if (!isErpRead) for (const name of ["avancement", "commandes_semaines"]) byId(name).querySelector(".vide").textContent = NOT_READ;
  byId("recherche").addEventListener("input", writeOrders);
  byId("centre").addEventListener("change", ({ target }) => choose({ centre: target.value }));
  byId("quand").addEventListener("change", ({ target }) => choose({ choice: choices.find(({ choix }) => choix === target.value) }));
  byId("tendance").addEventListener("change", ({ target }) => choose({ period: choices.find(({ choix }) => choix === target.value) }));
  byId("tranche").addEventListener("change", ({ target }) => choose({ hour: target.value === "" ? undefined : Number(target.value) }));
  byId("genre").addEventListener("change", ({ target }) => choose({ choice: turned(target.value) }));
  byId("choix").addEventListener("submit", (event) => event.preventDefault());
  byId("precedent").addEventListener("click", () => step(1));
  byId("suivant").addEventListener("click", () => step(-1));
  for (const button of document.querySelectorAll("[data-vers]")) button.addEventListener("click", () => goTo(button.dataset.vers));
  addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || /^(INPUT|SELECT|TEXTAREA|SUMMARY)$/.test(event.target.tagName)) return;
    if (event.key === "ArrowLeft") step(1);
    if (event.key === "ArrowRight") step(-1);
  });
  addEventListener("hashchange", show);
  // On paper the charts are as wide as the sheet or half of it, whatever the screen is, and not as high.
  const resize = (view, name, most) => (typeof pictures[name].image.height === "number" ? view.height(Math.min(pictures[name].image.height, most)) : view);
  const others = byId("autres-alertes");
  let wasOpen = false;
  addEventListener("beforeprint", () => {
    wasOpen = others.open;
    others.open = true;
    views.forEach((view, name) => resize(view.width(byId(name).classList.contains("large") ? PAPER.large : PAPER.half), name, PAPER.height).run());
  });
  addEventListener("afterprint", () => {
    others.open = wasOpen;
    views.forEach((view, name) => resize(view, name, Infinity));
    dispatchEvent(new Event("resize"));
  });
}

if (byId("ancien").hidden) {
  begin();
  await show();
}
