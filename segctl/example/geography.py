"""Where the customers live: cities with their zones, and the languages of countries."""

from __future__ import annotations

from typing import NamedTuple


class City(NamedTuple):
    """A city; `postcode` holds `#` for each digit that varies, `weight` is its share of customers."""

    country: str
    name: str
    postcode: str
    lat: float
    lon: float
    zone: str
    weight: float


_PARIS = "Europe/Paris"
_BRUSSELS = "Europe/Brussels"

CITIES = (
    City("FR", "Paris", "750##", 48.8566, 2.3522, _PARIS, 15.0),
    City("FR", "Lyon", "6900#", 45.7640, 4.8357, _PARIS, 6.0),
    City("FR", "Marseille", "1300#", 43.2965, 5.3698, _PARIS, 4.5),
    City("FR", "Toulouse", "31###", 43.6047, 1.4442, _PARIS, 4.0),
    City("FR", "Bordeaux", "33###", 44.8378, -0.5792, _PARIS, 3.5),
    City("FR", "Lille", "59###", 50.6292, 3.0573, _PARIS, 3.5),
    City("FR", "Nantes", "44###", 47.2184, -1.5536, _PARIS, 3.2),
    City("FR", "Rennes", "35###", 48.1173, -1.6778, _PARIS, 2.2),
    City("FR", "Strasbourg", "67###", 48.5734, 7.7521, _PARIS, 2.4),
    City("FR", "Grenoble", "38###", 45.1885, 5.7245, _PARIS, 2.0),
    City("FR", "Montreuil", "93###", 48.8638, 2.4485, _PARIS, 2.4),
    City("FR", "Versailles", "78###", 48.8049, 2.1204, _PARIS, 2.3),
    City("FR", "Saint-Denis", "974##", -20.8823, 55.4504, "Indian/Reunion", 0.6),
    City("FR", "Fort-de-France", "972##", 14.6161, -61.0588, "America/Martinique", 0.4),
    City("BE", "Bruxelles", "10##", 50.8503, 4.3517, _BRUSSELS, 5.5),
    City("BE", "Liège", "40##", 50.6326, 5.5797, _BRUSSELS, 2.2),
    City("BE", "Gent", "90##", 51.0543, 3.7174, _BRUSSELS, 1.8),
    City("BE", "Antwerpen", "20##", 51.2194, 4.4025, _BRUSSELS, 2.0),
    City("LU", "Luxembourg", "L-1###", 49.6117, 6.1319, "Europe/Luxembourg", 1.2),
    City("CH", "Genève", "12##", 46.2044, 6.1432, "Europe/Zurich", 2.4),
    City("CH", "Lausanne", "10##", 46.5197, 6.6323, "Europe/Zurich", 1.6),
    City("CH", "Zürich", "80##", 47.3769, 8.5417, "Europe/Zurich", 1.2),
    City("DE", "Berlin", "10###", 52.5200, 13.4050, "Europe/Berlin", 4.0),
    City("DE", "Hamburg", "20###", 53.5511, 9.9937, "Europe/Berlin", 2.2),
    City("DE", "München", "80###", 48.1351, 11.5820, "Europe/Berlin", 2.6),
    City("DE", "Köln", "50###", 50.9375, 6.9603, "Europe/Berlin", 2.4),
    City("NL", "Amsterdam", "10## AB", 52.3676, 4.9041, "Europe/Amsterdam", 2.4),
    City("NL", "Utrecht", "35## CD", 52.0907, 5.1214, "Europe/Amsterdam", 1.2),
    City("ES", "Madrid", "280##", 40.4168, -3.7038, "Europe/Madrid", 3.0),
    City("ES", "Barcelona", "080##", 41.3874, 2.1686, "Europe/Madrid", 3.0),
    City("IT", "Milano", "201##", 45.4642, 9.1900, "Europe/Rome", 2.4),
    City("IT", "Torino", "101##", 45.0703, 7.6869, "Europe/Rome", 1.4),
    City("PT", "Lisboa", "1###-001", 38.7223, -9.1393, "Europe/Lisbon", 1.6),
    City("GB", "London", "SW# #AA", 51.5072, -0.1276, "Europe/London", 2.6),
    City("NO", "Oslo", "0###", 59.9139, 10.7522, "Europe/Oslo", 0.9),
    City("CA", "Montréal", "H2X #A#", 45.5019, -73.5674, "America/Toronto", 0.7),
)

ZONES = tuple(dict.fromkeys(city.zone for city in CITIES))

LANGUAGES = {
    "FR": {"fr": 0.95, "en": 0.05}, "BE": {"fr": 0.62, "nl": 0.33, "en": 0.05}, "LU": {"fr": 0.7, "de": 0.2, "en": 0.1},
    "CH": {"fr": 0.7, "de": 0.25, "en": 0.05}, "DE": {"de": 0.92, "en": 0.08}, "NL": {"nl": 0.85, "en": 0.15},
    "ES": {"es": 0.95, "en": 0.05}, "IT": {"it": 0.96, "en": 0.04}, "PT": {"pt": 0.93, "en": 0.07},
    "GB": {"en": 1.0}, "NO": {"no": 0.8, "en": 0.2}, "CA": {"fr": 0.8, "en": 0.2},
}  # fmt: skip
"""The shares of languages, by country."""
