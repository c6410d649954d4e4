"""The report's charts, as Vega-Lite specifications. They show rows of the marts: nothing is summed or averaged here.

Colours also differ in lightness, position or shape, so that the charts can be read by the colour-blind, and in print without
colour.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import altair as alt

# The titles of the queries' columns, with their units.
COLUMNS = {
    "affaire": "Affaire",
    "barres": "Barres",
    "cadence": "Cadence (pièces par heure de production)",
    "charge_le": "Chargé le",
    "commande": "Commande",
    "comparables": "Journées comparables",
    "couleur": "Couleur",
    "date_modification": "Planifiée le",
    "debut": "Début",
    "derniere": "Dernière planification",
    "derniere_utilisation": "Dernière utilisation",
    "details": "Étiquette",
    "dossier": "Dossier",
    "ecart_habituel": "Écart à l'habitude (%)",
    "etat": "État",
    "fichier": "Fichier",
    "fin": "Fin",
    "gravite": "Gravité",
    "heure": "Heure",
    "heure_de_journee": "Heure",
    "jour": "Journée",
    "message": "Message",
    "metres": "Longueur (m)",
    "metres_profil": "Profilé (m)",
    "minutes": "Durée (min)",
    "minutes_arret": "Arrêt (min)",
    "minutes_attente": "Attente (min)",
    "minutes_production": "Production (min)",
    "modifie_le": "Modifié le",
    "nb_evenements": "Événements",
    "nb_lignes": "Lignes",
    "nb_rejets": "Lignes rejetées",
    "nombre_arrets": "Arrêts",
    "note": "Note",
    "numero_piece": "Pièce n°",
    "pieces": "Pièces",
    "pieces_habituelles": "Pièces d'habitude",
    "planifiee_le": "Planifiée le",
    "premier_accessoire": "Premier accessoire",
    "premiere_operation": "Première opération",
    "rang": "Rang",
    "reference": "Profilé",
    "statut": "Statut",
    "survenue_le": "Survenue le",
    "taux_arret_net": "Arrêt (%)",
    "taux_attente_net": "Attente (%)",
    "taux_occupation_net": "Occupation nette (%)",
    "temps_arret_net": "Arrêt (h)",
    "temps_attente_net": "Attente (h)",
    "temps_cycle_median_secondes": "Temps de cycle médian (s)",
    "temps_cycle_moyen_secondes": "Temps de cycle moyen (s)",
    "temps_production_net": "Production (h)",
    "timestamp_debut": "Début",
    "timestamp_fin": "Fin",
    "terminee": "Terminée",
}

_PRODUCTION, _WAIT, _STOP = "#4f9bd0", "#f2c230", "#7a1f2b"
_STATES = alt.Scale(domain=["Production", "Attente", "Arrêt"], range=[_PRODUCTION, _WAIT, _STOP])
_ENTRIES = ("Dernière planification", "Planification antérieure")
_STATUSES = ("ok", "rejets", "vide", "dossier inconnu")
_INK = "#1d2b36"
# Vega expressions that format a day for an axis and for a tooltip.
_DAY_LABEL = "utcFormat(utcParse(datum.value, '%Y-%m-%d'), '%d/%m')"
_WHOLE_DAY = "utcFormat(utcParse(datum.jour, '%Y-%m-%d'), '%A %d/%m/%Y')"
# Parameters that the page sets: the chosen day, and the start and end of the timeline.
_DAY, _FROM, _TO = alt.param("jour", value=""), alt.param("de", value=0), alt.param("a", value=0)

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
        drawn: the tables of the page's data that it draws.
        read: the table whose rows are shown below it.
        draw: returns the chart.
    """

    name: str
    title: str
    about: str
    empty: str
    drawn: tuple[str, ...]
    read: str
    draw: Callable[[], _Chart]

    def specification(self) -> dict[str, Any]:
        """Return the Vega-Lite specification."""
        chart = self.draw().properties(width="container", description=self.title).configure(**_LOOK)
        specification: dict[str, Any] = chart.to_dict()
        return specification


_LOOK: dict[str, Any] = {
    "background": "transparent",
    "padding": {"left": 5, "top": 5, "right": 16, "bottom": 5},
    "font": "system-ui, sans-serif",
    "view": {"stroke": None},
    "axis": {
        "labelColor": _INK,
        "titleColor": _INK,
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "gridColor": "#e3e8ec",
        "domainColor": "#8696a3",
        "tickColor": "#8696a3",
        "labelSeparation": 8,
    },
    "legend": {"orient": "top", "title": None, "labelColor": _INK, "labelFontSize": 13, "symbolSize": 140, "symbolStrokeWidth": 0},
}


def _tooltip(*columns: str, **computed: str) -> list[alt.Tooltip]:
    """Return tooltips of calculated fields, then of columns under their titles."""
    numbers = {"pieces", "cadence", "minutes", "metres", "barres"}
    return [
        *(alt.Tooltip(field=name, type="nominal", title=title) for name, title in computed.items()),
        *(
            alt.Tooltip(field=name, type="quantitative", title=COLUMNS[name], format=",")
            if name in numbers or name.startswith(("taux_", "temps_", "minutes_", "nb_"))
            else alt.Tooltip(field=name, type="nominal", title=COLUMNS[name])
            for name in columns
        ),
    ]


def _day_axis() -> alt.X:
    """Return an axis of production days. Days without a session take no room."""
    return alt.X(
        "jour:O",
        title=None,
        scale=alt.Scale(paddingInner=0.15),
        axis=alt.Axis(labelExpr=_DAY_LABEL, labelAngle=0, labelOverlap="greedy"),
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
            horaire="utcFormat(datum.debut, '%H:%M:%S') + ' – ' + utcFormat(datum.fin, '%H:%M:%S')",
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
        .transform_calculate(rangee="'Pièces'", horaire="utcFormat(datum.heure, '%H:%M:%S')")
        .mark_tick(clip=True, color=_INK, thickness=1, opacity=0.7)
        .encode(x=alt.X("heure:T"), y=rows, tooltip=_tooltip("numero_piece", "details", "reference", horaire="Heure"))
    )
    return alt.layer(segments, pieces).add_params(_FROM, _TO).properties(height=170)


def _draw_pieces() -> _Chart:
    return (
        alt.Chart(alt.NamedData("journees"))
        .transform_calculate(date=_WHOLE_DAY)
        .mark_bar()
        .encode(
            x=_day_axis(),
            y=alt.Y("pieces:Q", title="Pièces", axis=alt.Axis(tickMinStep=1, tickCount=5)),
            color=alt.condition(f"datum.jour === {_DAY.name}", alt.value(_INK), alt.value(_PRODUCTION)),
            tooltip=_tooltip("pieces", "cadence", "temps_cycle_median_secondes", date="Journée"),
        )
        .add_params(_DAY)
        .properties(height=190)
    )


def _draw_occupation() -> _Chart:
    return (
        alt.Chart(alt.NamedData("journees"))
        .transform_calculate(date=_WHOLE_DAY)
        .transform_fold(["taux_occupation_net", "taux_attente_net", "taux_arret_net"], as_=["mesure", "taux"])
        .transform_calculate(
            etat="{taux_occupation_net: 'Production', taux_attente_net: 'Attente', taux_arret_net: 'Arrêt'}[datum.mesure]",
            ordre="indexof(['taux_occupation_net', 'taux_attente_net', 'taux_arret_net'], datum.mesure)",
        )
        .mark_bar()
        .encode(
            x=_day_axis(),
            y=alt.Y("taux:Q", title="% du temps", scale=alt.Scale(domain=[0, 100]), axis=alt.Axis(tickCount=5)),
            color=alt.Color("etat:N", scale=_STATES),
            order="ordre:Q",
            stroke=alt.condition(f"datum.jour === {_DAY.name}", alt.value(_INK), alt.value(None)),
            strokeWidth=alt.value(2),
            tooltip=_tooltip("taux_occupation_net", "taux_attente_net", "taux_arret_net", date="Journée"),
        )
        .add_params(_DAY)
        .properties(height=190)
    )


def _draw_hours() -> _Chart:
    return (
        alt.Chart(alt.NamedData("heures"))
        .transform_calculate(
            date=_WHOLE_DAY,
            suivante="datum.heure_de_journee + 1",
            tranche="(datum.heure_de_journee % 24) + ' h – ' + (datum.suivante % 24) + ' h'",
        )
        .mark_rect()
        .encode(
            x=_day_axis(),
            y=alt.Y(
                "heure_de_journee:Q",
                title="Heure",
                scale=alt.Scale(reverse=True, zero=False, nice=False),
                axis=alt.Axis(labelExpr="(datum.value % 24) + ' h'", labelOverlap="greedy", tickMinStep=1),
            ),
            y2="suivante:Q",
            color=alt.Color(
                "pieces:Q",
                scale=alt.Scale(scheme="blues", domainMin=0),
                legend=alt.Legend(title="Pièces par heure", titleFontWeight="normal", gradientLength=180, tickCount=4),
            ),
            stroke=alt.condition(f"datum.jour === {_DAY.name}", alt.value(_INK), alt.value(None)),
            tooltip=_tooltip("pieces", "minutes_production", "minutes_attente", "minutes_arret", date="Journée", tranche="Heure"),
        )
        .add_params(_DAY)
        .properties(height=230)
    )


# Space for the number after the longest bar.
_ROOM = {"left": 5, "top": 5, "right": 48, "bottom": 5}


def _draw_stops() -> _Chart:
    stops = alt.Chart(alt.NamedData("arrets")).transform_calculate(
        moment="utcFormat(datum.timestamp_debut, '%d/%m/%y %H:%M:%S')",
        texte="format(datum.minutes, ',.0f') + ' min'",
        arret="utcFormat(datum.timestamp_debut, '%d/%m/%Y %H:%M:%S') + ' – ' + utcFormat(datum.timestamp_fin, '%H:%M:%S')",
    )
    place = {
        "x": alt.X("minutes:Q", title="Minutes", scale=alt.Scale(domainMin=0), axis=alt.Axis(tickCount=5)),
        "y": alt.Y("moment:N", title=None, sort=None),
        "tooltip": _tooltip("minutes", arret="Arrêt"),
    }
    return alt.layer(
        stops.mark_bar(color=_STOP).encode(**place),
        stops.mark_text(align="left", dx=4, color=_INK, fontSize=12).encode(text="texte:N", **place),
    ).properties(height=alt.Step(24), padding=_ROOM)


def _draw_profiles() -> _Chart:
    profiles = alt.Chart(alt.NamedData("profils")).transform_calculate(
        profil="datum.reference + (datum.couleur ? ' – ' + datum.couleur : '')", texte="format(datum.pieces, ',')"
    )
    place = {
        "x": alt.X("pieces:Q", title="Pièces", axis=alt.Axis(tickCount=5, tickMinStep=1)),
        "y": alt.Y("profil:N", title=None, sort=None),
        "tooltip": _tooltip("pieces", "barres", "metres", "temps_cycle_moyen_secondes", profil="Profilé"),
    }
    return alt.layer(
        profiles.mark_bar(color=_PRODUCTION).encode(**place),
        profiles.mark_text(align="left", dx=4, color=_INK, fontSize=12).encode(text="texte:N", **place),
    ).properties(height=alt.Step(24), padding=_ROOM)


def _draw_orders() -> _Chart:
    return (
        alt.Chart(alt.NamedData("planifications"))
        .transform_calculate(
            ligne="datum.commande + (datum.affaire ? '  ' + datum.affaire : '')",
            entree=f"datum.derniere ? '{_ENTRIES[0]}' : '{_ENTRIES[1]}'",
            moment="utcFormat(datum.planifiee_le, '%d/%m/%Y %H:%M')",
        )
        .mark_point(size=80, filled=True, opacity=1)
        .encode(
            x=alt.X(
                "planifiee_le:T",
                title=None,
                scale=alt.Scale(type="utc"),
                axis=alt.Axis(format="%d/%m/%y", labelAngle=0, labelOverlap="greedy", tickCount=6),
            ),
            y=alt.Y("ligne:N", title=None, sort=None, axis=alt.Axis(grid=True)),
            color=alt.Color("entree:N", scale=alt.Scale(domain=_ENTRIES, range=[_STOP, _PRODUCTION]), legend=alt.Legend(columns=1)),
            shape=alt.Shape("entree:N", scale=alt.Scale(domain=_ENTRIES, range=["diamond", "circle"])),
            tooltip=_tooltip("commande", "affaire", "note", moment="Planifiée le"),
        )
        .properties(height=alt.Step(18))
    )


def _draw_loads() -> _Chart:
    return (
        alt.Chart(alt.NamedData("chargements"))
        .mark_point(size=70, filled=True, opacity=1)
        .encode(
            x=alt.X(
                "jour:O",
                title=None,
                axis=alt.Axis(
                    labelExpr="slice(datum.value, 8) + '/' + slice(datum.value, 5, 7)",
                    labelAngle=0,
                    labelOverlap="greedy",
                    grid=True,
                ),
            ),
            y=alt.Y("dossier:N", title=None, axis=alt.Axis(grid=True)),
            color=alt.Color(
                "statut:N",
                scale=alt.Scale(domain=_STATUSES, range=[_PRODUCTION, "#c98a00", "#9aa5ad", _STOP]),
                legend=alt.Legend(columns=2),
            ),
            shape=alt.Shape("statut:N", scale=alt.Scale(domain=_STATUSES, range=["circle", "triangle-up", "square", "cross"])),
            tooltip=_tooltip("dossier", "fichier", "statut", "nb_lignes", "nb_evenements", "nb_rejets"),
        )
        .properties(height=alt.Step(34))
    )


_DAY_BY_DAY = "Une barre par journée de production qui a un fichier ; la journée choisie est en noir."
PICTURES = (
    Picture(
        "chronologie",
        "Chronologie de la journée : pièces et états de la machine",
        "De la première à la dernière pièce. Un trait de la première rangée est une pièce (5 000 au plus) ; au-dessous, les états "
        "de la machine.",
        "Pas de chronologie pour ce centre et cette journée : sans deux pièces au moins, il n'y a pas de durée à partager.",
        ("segments", "pieces"),
        "pieces",
        _draw_timeline,
    ),
    Picture(
        "pieces",
        "Pièces produites par journée",
        _DAY_BY_DAY,
        "Ce centre n'a aucune journée dans la période.",
        ("journees",),
        "journees",
        _draw_pieces,
    ),
    Picture(
        "occupation",
        "Occupation par journée : part de la production, de l'attente et de l'arrêt (% du temps)",
        "Parts du temps entre la première et la dernière pièce ; les trois font 100 %. La journée choisie est encadrée.",
        "Ce centre n'a aucune journée dans la période.",
        ("journees",),
        "journees",
        _draw_occupation,
    ),
    Picture(
        "heures",
        "Pièces heure par heure",
        "Une colonne par journée, une ligne par heure de l'horloge : plus la case est foncée, plus il y a de pièces. Sans case, la "
        "machine n'a pas travaillé. La journée choisie est encadrée.",
        "Ce centre n'a produit aucune pièce dans la période.",
        ("heures",),
        "heures",
        _draw_hours,
    ),
    Picture(
        "arrets",
        "Les dix arrêts les plus longs (minutes)",
        "Les arrêts volontaires du centre dans la période, avec leur début.",
        "Ce centre n'a aucun arrêt dans la période.",
        ("arrets",),
        "arrets",
        _draw_stops,
    ),
    Picture(
        "profils",
        "Les quinze profilés dont on a tiré le plus de pièces",
        "Référence et couleur, tous centres ensemble, depuis le début de l'historique.",
        "Aucun profilé n'a encore été pris.",
        ("profils",),
        "profils",
        _draw_profiles,
    ),
    Picture(
        "commandes",
        "Les trente dernières commandes de volets planifiées",
        "Chaque ligne est une commande ; un losange marque sa dernière planification, un rond une planification antérieure.",
        "Aucune commande de volets n'est planifiée.",
        ("planifications",),
        "commandes",
        _draw_orders,
    ),
    Picture(
        "chargements",
        "Fichiers LOG chargés, par dossier et journée",
        "Les 31 dernières journées pour lesquelles il y a un fichier. Rejets : des lignes n'ont pas pu être lues ; "
        "dossier inconnu : le centre n'est pas déclaré.",
        "Aucun fichier n'a encore été chargé.",
        ("chargements",),
        "chargements",
        _draw_loads,
    ),
)
