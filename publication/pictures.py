"""The report's charts, as Vega-Lite specifications. They show rows of the page's data: nothing is summed or averaged here.

Colours are variables of the page's style, so that one drawing serves light, dark and paper. They also differ in lightness, position
or shape, so that the charts can be read by the colour-blind, and in print without colour.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import altair as alt

# The titles of the queries' columns, and the kind of those whose PostgreSQL type does not tell how they are written.
COLUMNS: dict[str, tuple[str, str | None]] = {
    "actif": ("Actif", None),
    "affaire": ("Affaire", None),
    "age_jours": ("Âge (jours)", None),
    "au": ("Au", None),
    "barres": ("Barres", None),
    "cadence": ("Cadence (pièces par heure de production)", "decimal"),
    "centre": ("Centre", None),
    "charge_le": ("Chargé le", None),
    "choix": ("Choix", None),
    "commande": ("Commande", None),
    "commandes": ("Commandes", None),
    "comparables": ("Comparables", None),
    "couleur": ("Couleur", None),
    "date_modification": ("Planifiée le", None),
    "debut": ("Début", None),
    "dernier_fichier": ("Dernier fichier chargé", None),
    "dernier_evenement": ("Dernier événement", None),
    "dernier_reussi": ("Dernier réussi", None),
    "derniere_donnee": ("Dernière donnée", None),
    "derniere_note": ("Dernière note", None),
    "derniere_piece": ("Dernière pièce", None),
    "details": ("Étiquette", None),
    "dossier": ("Dossier", None),
    "du": ("Du", None),
    "ecart_habituel": ("Écart à l'habitude", "pourcent"),
    "en_cours": ("En cours", None),
    "etat": ("État", None),
    "fichier": ("Fichier", None),
    "gravite": ("Gravité", None),
    "heure_de_journee": ("Heure", "tranche"),
    "jour": ("Journée", None),
    "jours_avec_pieces": ("Journées avec des pièces", None),
    "jours_ouverts": ("Jours ouverts", None),
    "ligne": ("Ligne", None),
    "message": ("Message", None),
    "metres": ("Longueur", "metres"),
    "metres_profil": ("Profilé", "metres"),
    "minutes": ("Durée", "minutes"),
    "minutes_arret": ("Arrêt", "minutes"),
    "minutes_arret_entier": ("Arrêt entier", "minutes"),
    "minutes_attente": ("Attente", "minutes"),
    "minutes_hors_pause": ("Hors des pauses", "minutes"),
    "minutes_production": ("Production", "minutes"),
    "modifie_le": ("Modifié le", None),
    "motif": ("Motif", None),
    "nb_evenements": ("Événements", None),
    "nb_lignes": ("Lignes", None),
    "nb_rejets": ("Lignes rejetées", None),
    "nombre": ("Nombre", None),
    "nombre_accessoires": ("Accessoires", None),
    "nombre_arrets": ("Nombre d'arrêts", None),
    "nombre_attentes": ("Nombre d'attentes", None),
    "numero_ligne": ("Ligne n°", None),
    "numeros": ("Numéros", None),
    "part": ("Part des pertes", "pourcent"),
    "part_cumulee": ("Part cumulée", "pourcent"),
    "perte": ("Perte", None),
    "pieces": ("Pièces", None),
    "pieces_habituelles": ("D'habitude", None),
    "pieces_par_centre": ("Pièces par centre", None),
    "poste": ("Poste", None),
    "premier_accessoire": ("Premier accessoire", None),
    "premiere_entree": ("Première entrée", None),
    "premiere_operation": ("Première opération", None),
    "quoi": ("Quoi", None),
    "raison": ("Pourquoi", None),
    "rang": ("Rang", None),
    "reference": ("Profilé", None),
    "resultat": ("Résultat", None),
    "semaine": ("Semaine prévue", "semaine"),
    "statut": ("Statut", None),
    "sujet_type": ("Sujet", None),
    "survenue_le": ("Survenue le", None),
    "taux_arret_net": ("Part de l'arrêt", "pourcent"),
    "taux_attente_net": ("Part de l'attente", "pourcent"),
    "taux_disponibilite": ("Disponibilité", "pourcent"),
    "taux_occupation_net": ("Occupation nette", "pourcent"),
    "taux_performance": ("Performance", "pourcent"),
    "temps_arret_en_pause": ("Arrêt pendant les pauses", "heures"),
    "temps_arret_hors_pause": ("Arrêt hors des pauses", "heures"),
    "temps_arret_net": ("Arrêt", "heures"),
    "temps_attente_net": ("Attente", "heures"),
    "temps_cycle_median_secondes": ("Temps de cycle médian", "cycle"),
    "temps_prevu": ("Temps prévu", "heures"),
    "temps_production_net": ("Production", "heures"),
    "temps_sans_piece_en_horaire": ("Prévu, sans pièce", "heures"),
    "terminee": ("Terminée", None),
    "timestamp_debut": ("Début", "seconde"),
    "timestamp_fin": ("Fin", "seconde"),
    "type": ("Type", None),
    "type_cu": ("Type", None),
    "verdict": ("Journée", None),
}

_PRODUCTION, _WAIT, _STOP, _BREAK = "var(--production)", "var(--attente)", "var(--arret)", "var(--pause)"
_INK, _SOFT, _GRID, _AXIS = "var(--ink)", "var(--soft)", "var(--line)", "var(--axis)"
_STATES = alt.Scale(domain=["Production", "Attente", "Arrêt"], range=[_PRODUCTION, _WAIT, _STOP])
_LOSSES = alt.Scale(
    domain=["attente", "arret", "sans_piece", "pause", "hors_poste"], range=[_WAIT, _STOP, "var(--sans-piece)", _BREAK, _BREAK]
)
_STATUSES = ("ok", "rejets", "vide", "dossier inconnu")
# Vega expressions: a day and a duration in minutes on an axis, and whether a row is of the chosen day or week.
_DAY_LABEL = "utcFormat(utcParse(datum.value, '%Y-%m-%d'), '%d/%m')"
_MINUTES_LABEL = (
    "datum.value < 60 ? datum.value + ' min' : floor(datum.value / 60) + ' h' + (datum.value % 60 ? ' ' + datum.value % 60 : '')"
)
_IS_CHOSEN = "datum.jour >= jour && datum.jour <= fin"
# Parameters that the page sets: the first and last chosen day, empty for a period, and the start and end of the timeline.
_DAY, _LAST = alt.param("jour", value=""), alt.param("fin", value="")
_FROM, _TO = alt.param("de", value=0), alt.param("a", value=0)

# An altair chart. Many of altair's methods have no return type.
_Chart = Any


@dataclass(frozen=True)
class Picture:
    """A chart of the page.

    Attributes:
        name: its name in the page.
        title: what it shows, and in which unit.
        about: how to read it.
        empty: the text in its place if there is no data.
        drawn: the sets of rows that it draws; those of the first are also its table and its CSV file.
        draw: returns the chart.
        wide: whether it takes the whole width of the page; otherwise two stand side by side.
    """

    name: str
    title: str
    about: str
    empty: str
    drawn: tuple[str, ...]
    draw: Callable[[], _Chart]
    wide: bool = False

    def specification(self) -> dict[str, Any]:
        """Return the Vega-Lite specification."""
        specification: dict[str, Any] = self.draw().properties(width="container").configure(**_LOOK).to_dict()
        return specification


_LOOK: dict[str, Any] = {
    # The page gives each chart a description in French; Vega's own would be in English.
    "aria": False,
    "background": "transparent",
    "padding": {"left": 5, "top": 5, "right": 16, "bottom": 5},
    "font": "system-ui, sans-serif",
    "view": {"stroke": None},
    "axis": {
        "labelColor": _INK,
        "titleColor": _SOFT,
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "gridColor": _GRID,
        "domainColor": _AXIS,
        "tickColor": _AXIS,
        "labelSeparation": 8,
    },
    "legend": {
        "orient": "top",
        "title": None,
        "labelColor": _INK,
        "titleColor": _SOFT,
        "titleFontWeight": "normal",
        "labelFontSize": 12,
        "symbolSize": 120,
        "symbolStrokeWidth": 0,
    },
}


def _tooltip(*columns: str, **computed: str) -> list[alt.Tooltip]:
    """Return tooltips of calculated fields, then of columns under their titles, as the page writes their values elsewhere."""
    return [
        *(alt.Tooltip(field=name, type="nominal", title=title) for name, title in computed.items()),
        *(alt.Tooltip(field=f"{name}_lu", type="nominal", title=COLUMNS[name][0]) for name in columns),
    ]


def _day_axis() -> alt.X:
    """Return an axis of production days. Days on which nobody worked take no room."""
    return alt.X(
        "jour:O",
        title=None,
        scale=alt.Scale(paddingInner=0.15),
        axis=alt.Axis(labelExpr=_DAY_LABEL, labelAngle=0, labelOverlap="greedy"),
    )


def _minutes(scale: str) -> alt.Axis:
    """Return an axis of minutes, with marks at whole hours or parts of one."""
    most = f"domain('{scale}')[1]"
    steps = {20: 5, 60: 15, 150: 30, 300: 60, 720: 120, 1800: 300, 6000: 1200}
    step = "".join(f"{most} <= {limit} ? {step} : " for limit, step in steps.items()) + "6000"
    return alt.Axis(labelExpr=_MINUTES_LABEL, values=alt.expr(f"sequence(0, {most} + 1, {step})"), labelOverlap="greedy")


def _minutes_axis(field: str = "minutes") -> alt.X:
    return alt.X(
        f"{field}:Q",
        title=None,
        scale=alt.Scale(domainMin=0, nice=False),
        axis=_minutes("x"),
    )


def _draw_timeline() -> _Chart:
    rows = alt.Y(
        "rangee:N",
        title=None,
        scale=alt.Scale(domain=["Pièces", "Production", "Attente", "Arrêt"], paddingInner=0.25),
        axis=alt.Axis(domain=False, ticks=False, grid=False, labelFontSize=13),
    )
    clock = alt.X(
        "debut:T",
        title=None,
        scale=alt.Scale(type="utc", domainMin=alt.expr(_FROM.name), domainMax=alt.expr(_TO.name), nice=False),
        axis=alt.Axis(format="%H:%M", labelAngle=0, labelOverlap="greedy", grid=True, tickCount=8),
    )
    segments = (
        alt.Chart(alt.NamedData("segments"))
        .transform_calculate(
            rangee="{production: 'Production', attente: 'Attente', arret: 'Arrêt'}[datum.etat]",
            horaire="datum.debut_lu + ' – ' + datum.fin_lu",
        )
        .mark_bar(clip=True)
        .encode(
            x=clock,
            x2="fin:T",
            y=rows,
            color=alt.Color("rangee:N", scale=_STATES, legend=None),
            tooltip=_tooltip(rangee="État", horaire="De – à"),
        )
    )
    pieces = (
        alt.Chart(alt.NamedData("pieces"))
        .transform_calculate(rangee="'Pièces'")
        .mark_tick(clip=True, color=_INK, thickness=1, opacity=0.7)
        .encode(x=alt.X("heure:T"), y=rows, tooltip=_tooltip("details", "reference", heure_lu="Heure", numero_piece_lu="Pièce n°"))
    )
    return alt.layer(segments, pieces).add_params(_FROM, _TO).properties(height=170)


def _draw_hours() -> _Chart:
    # The sums of a period are too long to stand side by side.
    hours = alt.Chart(alt.NamedData("heures")).transform_calculate(texte=f"{_DAY.name} === '' ? '' : datum.pieces_lu")
    place = alt.X(
        "heure_de_journee:O", title=None, axis=alt.Axis(labelExpr="datum.value % 24 + ' h'", labelAngle=0, labelOverlap=True)
    )
    tooltip = _tooltip("heure_de_journee", "pieces", "minutes_production", "minutes_attente", "minutes_arret")
    states = (
        hours.transform_fold(["minutes_production", "minutes_attente", "minutes_arret"], as_=["mesure", "minutes"])
        .transform_calculate(
            etat="{minutes_production: 'Production', minutes_attente: 'Attente', minutes_arret: 'Arrêt'}[datum.mesure]",
            ordre="indexof(['minutes_production', 'minutes_attente', 'minutes_arret'], datum.mesure)",
        )
        .mark_bar(cursor="pointer")
        .encode(
            x=place,
            y=alt.Y(
                "minutes:Q",
                title=None,
                scale=alt.Scale(nice=False),
                axis=_minutes("y"),
            ),
            color=alt.Color("etat:N", scale=_STATES),
            order="ordre:Q",
            tooltip=tooltip,
        )
    )
    pieces = hours.mark_text(baseline="top", color=_INK, fontSize=10).encode(
        x=place, y=alt.value(-14), text="texte:N", tooltip=tooltip
    )
    return alt.layer(states, pieces).add_params(_DAY).properties(height=340)


def _draw_losses() -> _Chart:
    losses = alt.Chart(alt.NamedData("pertes")).transform_calculate(
        texte="datum.minutes_lu + (datum.part === null ? '' : '  ·  ' + datum.part_lu)"
    )
    return _bars(
        losses,
        _minutes_axis(),
        "perte",
        _tooltip("perte", "minutes", "part", "part_cumulee", "nombre"),
        alt.Color("etat:N", scale=_LOSSES, legend=None),
        step=30,
    )


def _draw_losses_by_profile() -> _Chart:
    return (
        alt.Chart(alt.NamedData("pertes_profils"))
        .transform_calculate(
            ou="(datum.poste === null ? '' : datum.poste + '  ·  ') + (datum.reference === null ? 'sans profilé' : datum.reference)"
        )
        .transform_fold(["minutes_attente", "minutes_arret"], as_=["mesure", "duree"])
        .transform_calculate(
            perte="datum.mesure === 'minutes_attente' ? 'Attente' : 'Arrêt'", ordre="datum.mesure === 'minutes_attente' ? 0 : 1"
        )
        .mark_bar()
        .encode(
            x=_minutes_axis("duree"),
            y=alt.Y("ou:N", title=None, sort=None),
            color=alt.Color("perte:N", scale=alt.Scale(domain=["Attente", "Arrêt"], range=[_WAIT, _STOP])),
            order="ordre:Q",
            tooltip=_tooltip("poste", "reference", "minutes_attente", "minutes_arret", "minutes"),
        )
        .properties(height=alt.Step(24))
    )


def _draw_stops() -> _Chart:
    stops = alt.Chart(alt.NamedData("arrets")).transform_calculate(
        moment="utcFormat(datum.timestamp_debut, '%d/%m %H:%M:%S')", texte="datum.minutes_hors_pause_lu"
    )
    return _bars(
        stops,
        _minutes_axis("minutes_hors_pause"),
        "moment",
        _tooltip("timestamp_debut", "timestamp_fin", "poste", "minutes_hors_pause", "minutes_arret_entier"),
        alt.value(_STOP),
        click=True,
    )


def _draw_profiles() -> _Chart:
    profiles = alt.Chart(alt.NamedData("profils")).transform_calculate(
        profil="datum.reference + (datum.couleur ? '  ·  ' + datum.couleur : '')", texte="datum.pieces_lu"
    )
    tooltip = _tooltip("reference", "couleur", "pieces", "barres", "metres")
    return _bars(profiles, _pieces_axis(), "profil", tooltip, alt.value(_PRODUCTION))


def _pieces_axis() -> alt.X:
    return alt.X("pieces:Q", title=None, axis=alt.Axis(tickCount=4, tickMinStep=1, format=",d"))


def _bars(
    rows: _Chart, x: alt.X, field: str, tooltip: list[alt.Tooltip], color: Any, step: int = 24, click: bool = False
) -> _Chart:
    """Return horizontal bars in the order of the rows, with the text of `texte` behind each."""
    y = alt.Y(f"{field}:N", title=None, sort=None)
    bars = rows.mark_bar(cursor="pointer") if click else rows.mark_bar()
    return alt.layer(
        bars.encode(x=x, y=y, color=color, tooltip=tooltip),
        rows.mark_text(align="left", dx=5, color=_INK, fontSize=12).encode(x=x, y=y, text="texte:N", tooltip=tooltip),
    ).properties(height=alt.Step(step))


def _draw_pieces() -> _Chart:
    days = alt.Chart(alt.NamedData("tendance"))
    tooltip = _tooltip("jour", "pieces", "pieces_habituelles", "ecart_habituel", "cadence", "motif")
    y = alt.Y("pieces:Q", title=None, axis=alt.Axis(tickMinStep=1, tickCount=5, format=",d"))
    return (
        alt.layer(
            days.mark_bar(cursor="pointer").encode(
                x=_day_axis(),
                y=y,
                color=alt.value(_PRODUCTION),
                stroke=alt.condition(_IS_CHOSEN, alt.value(_INK), alt.value(None)),
                strokeWidth=alt.value(2),
                # A day that is not finished is pale.
                opacity=alt.condition("datum.terminee === false", alt.value(0.4), alt.value(1)),
                tooltip=tooltip,
            ),
            days.mark_tick(color=_INK, thickness=2, cursor="pointer").encode(
                x=_day_axis(), y="pieces_habituelles:Q", tooltip=tooltip
            ),
        )
        .add_params(_DAY, _LAST)
        .properties(height=190)
    )


def _draw_occupation() -> _Chart:
    return (
        alt.Chart(alt.NamedData("tendance"))
        .transform_fold(["taux_occupation_net", "taux_attente_net", "taux_arret_net"], as_=["mesure", "taux"])
        .transform_calculate(
            etat="{taux_occupation_net: 'Production', taux_attente_net: 'Attente', taux_arret_net: 'Arrêt'}[datum.mesure]",
            ordre="indexof(['taux_occupation_net', 'taux_attente_net', 'taux_arret_net'], datum.mesure)",
        )
        .mark_bar(cursor="pointer")
        .encode(
            x=_day_axis(),
            y=alt.Y(
                "taux:Q",
                title=None,
                scale=alt.Scale(domain=[0, 100], clamp=True),
                axis=alt.Axis(tickCount=5, labelExpr="datum.value + ' %'"),
            ),
            color=alt.Color("etat:N", scale=_STATES),
            order="ordre:Q",
            stroke=alt.condition(_IS_CHOSEN, alt.value(_INK), alt.value(None)),
            strokeWidth=alt.value(2),
            tooltip=_tooltip("jour", "temps_production_net", "temps_attente_net", "temps_arret_net", "taux_occupation_net"),
        )
        .add_params(_DAY, _LAST)
        .properties(height=190)
    )


def _draw_map() -> _Chart:
    return (
        alt.Chart(alt.NamedData("carte"))
        .transform_calculate(suivante="datum.heure_de_journee + 1")
        .mark_rect(color=_PRODUCTION, cursor="pointer")
        .encode(
            x=_day_axis(),
            y=alt.Y(
                "heure_de_journee:Q",
                title=None,
                scale=alt.Scale(reverse=True, zero=False, nice=False),
                axis=alt.Axis(labelExpr="datum.value % 24 + ' h'", labelOverlap="greedy", tickMinStep=1, grid=False),
            ),
            y2="suivante:Q",
            opacity=alt.Opacity(
                "pieces:Q",
                scale=alt.Scale(domainMin=0, range=[0.08, 1]),
                legend=alt.Legend(
                    title="Pièces par heure",
                    titleOrient="left",
                    symbolType="square",
                    symbolFillColor=_PRODUCTION,
                    tickCount=4,
                ),
            ),
            stroke=alt.condition(_IS_CHOSEN, alt.value(_INK), alt.value(None)),
            tooltip=_tooltip("jour", "heure_de_journee", "pieces", "minutes_production", "minutes_attente", "minutes_arret"),
        )
        .add_params(_DAY, _LAST)
        .properties(height=260)
    )


def _draw_weeks() -> _Chart:
    return (
        alt.Chart(alt.NamedData("commandes_semaines"))
        .mark_bar(color=_PRODUCTION)
        .encode(
            x=alt.X("semaine:O", title=None, axis=alt.Axis(labelExpr=_DAY_LABEL, labelAngle=0, labelOverlap="greedy")),
            y=alt.Y("commandes:Q", title=None, axis=alt.Axis(tickMinStep=1, tickCount=4)),
            tooltip=_tooltip("semaine", "commandes", "numeros"),
        )
        .properties(height=240)
    )


def _draw_progress() -> _Chart:
    orders = alt.Chart(alt.NamedData("avancement")).transform_calculate(texte="datum.pieces_lu")
    tooltip = _tooltip("commande", "affaire", "statut", "pieces", "pieces_par_centre", "derniere_piece")
    return _bars(orders, _pieces_axis(), "commande", tooltip, alt.value(_PRODUCTION))


def _draw_loads() -> _Chart:
    return (
        alt.Chart(alt.NamedData("chargements"))
        .mark_point(size=70, filled=True, opacity=1)
        .encode(
            x=alt.X(
                "jour:O",
                title=None,
                axis=alt.Axis(labelExpr=_DAY_LABEL, labelAngle=0, labelOverlap="greedy", grid=True),
            ),
            y=alt.Y("dossier:N", title=None, axis=alt.Axis(grid=True)),
            color=alt.Color(
                "statut:N",
                scale=alt.Scale(domain=_STATUSES, range=[_PRODUCTION, "var(--rejets)", _BREAK, _STOP]),
                legend=alt.Legend(columns=4),
            ),
            shape=alt.Shape("statut:N", scale=alt.Scale(domain=_STATUSES, range=["circle", "triangle-up", "square", "cross"])),
            tooltip=_tooltip("dossier", "fichier", "statut", "nb_lignes", "nb_evenements", "nb_rejets"),
        )
        .properties(height=alt.Step(34))
    )


_NO_DAY = "Ce centre n'a aucune journée dans la période."
PICTURES = (
    Picture(
        "chronologie",
        "Chronologie de la journée",
        "De la première à la dernière pièce : un trait est une pièce ; au-dessous, les états de la machine.",
        "Pas de chronologie : sans deux pièces à des heures différentes, il n'y a pas de durée à partager.",
        ("pieces", "segments"),
        _draw_timeline,
        wide=True,
    ),
    Picture(
        "heures",
        "Heure par heure : production, attente, arrêt",
        "Le temps de chaque heure de l'horloge, de la première à la dernière pièce ; au-dessus, les pièces d'un "
        "jour ou d'une semaine.",
        "Aucune pièce : il n'y a pas d'heures à montrer.",
        ("heures",),
        _draw_hours,
    ),
    Picture(
        "pertes",
        "À quoi le temps se perd",
        "Attentes et arrêts selon leur longueur, et le temps prévu avant la première ou après la dernière pièce ; à part, en gris, "
        "ce qui tombe dans une pause déclarée ou hors des postes déclarés.",
        "Ni attente, ni arrêt, ni temps prévu sans pièce.",
        ("pertes",),
        _draw_losses,
    ),
    Picture(
        "arrets",
        "Les arrêts les plus longs, pauses déduites",
        "Dix au plus, avec leur début ; le temps d'un arrêt qui tombe dans une pause déclarée n'est pas compté, "
        "celui qui tombe entre deux postes l'est.",
        "Aucun arrêt en dehors des pauses.",
        ("arrets",),
        _draw_stops,
    ),
    Picture(
        "pertes_profils",
        "Avec quel profilé le temps se perd",
        "Hors des pauses, par poste et par profilé en place quand l'attente ou l'arrêt a commencé : les dix premiers.",
        "Ni attente ni arrêt en dehors des pauses.",
        ("pertes_profils",),
        _draw_losses_by_profile,
    ),
    Picture(
        "pieces",
        "Pièces par journée",
        "Le trait est l'habitude du centre ; une journée en cours est pâle, et comparée à rien. La journée ou la semaine choisie "
        "est encadrée ; cliquer sur une barre choisit sa journée.",
        _NO_DAY,
        ("tendance",),
        _draw_pieces,
    ),
    Picture(
        "occupation",
        "Production, attente et arrêt par journée",
        "Parts du temps entre la première et la dernière pièce ; la journée ou la semaine choisie est encadrée.",
        _NO_DAY,
        ("tendance",),
        _draw_occupation,
    ),
    Picture(
        "carte",
        "Pièces heure par heure, jour après jour",
        "Plus la couleur est forte, plus il y a de pièces ; sans case, l'heure n'est pas entre la première et la dernière "
        "pièce. La journée ou la semaine choisie est encadrée.",
        "Ce centre n'a produit aucune pièce dans la période.",
        ("carte",),
        _draw_map,
        wide=True,
    ),
    Picture(
        "profils",
        "Profilés : pièces",
        "Référence et couleur des dix profilés dont on a tiré le plus de pièces.",
        "Aucun profilé n'a été pris.",
        ("profils",),
        _draw_profiles,
    ),
    Picture(
        "commandes_semaines",
        "Commandes planifiées, par semaine prévue",
        "Le lundi des vingt dernières semaines pour lesquelles des commandes de volets sont planifiées.",
        "Aucune planification ne nomme de semaine.",
        ("commandes_semaines",),
        _draw_weeks,
    ),
    Picture(
        "avancement",
        "Pièces faites des dernières commandes planifiées",
        "Les dix dernières planifiées dont les pièces sont connues, tous centres ensemble, depuis le début de l'historique.",
        "Pièces inconnues : les étiquettes des machines ne disent pas la commande, ou aucune commande n'est planifiée.",
        ("avancement",),
        _draw_progress,
    ),
    Picture(
        "chargements",
        "Fichiers chargés, par dossier et journée",
        "Les 31 dernières journées pour lesquelles il y a un fichier. Rejets : des lignes n'ont pas pu être lues ; "
        "dossier inconnu : le centre n'est pas déclaré.",
        "Aucun fichier n'a encore été chargé.",
        ("chargements",),
        _draw_loads,
        wide=True,
    ),
)
