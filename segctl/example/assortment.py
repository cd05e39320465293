"""What the shop sells: its shelves, brands and colours."""

from __future__ import annotations

from typing import NamedTuple


class Shelf(NamedTuple):
    """A subcategory: how many products it has, from which to which price in euros, and how it behaves.

    `weight` is its share of interest within the category; `basket` how readily a view becomes a basket;
    `several` the chance of more than one piece; `back` how readily a piece is sent back.
    """

    category: str
    name: str
    noun: str
    products: int
    prices: tuple[int, int]
    weight: float
    basket: float
    several: float
    back: float
    colors: tuple[str, ...]
    brands: tuple[str, ...]


_BRIGHT = ("black", "white", "red", "blue", "green", "orange")
_SOFT = ("black", "white", "navy", "grey", "red", "beige", "green")
_METAL = ("black", "silver", "red", "cream")
_NONE: tuple[str, ...] = ()
_SPORT = ("Alba", "Kestrel", "Norrsken", "Vireo")
_FASHION = ("Maison Loup", "Alba", "Studio Ferro", "Petit Port")
_CAMP = ("Norrsken", "Kestrel", "Bivouac")
_COFFEE = ("Brava", "Moka Nord", "Torre")
_TABLE = ("Atelier Vert", "Torre", "Hygge & Co")
_CARE = ("Lys Blanc", "Calanque", "Petit Port")

SHELVES = (
    Shelf("shoes", "running_shoes", "Running Shoe", 24, (70, 180), 3.0, 0.9, 0.01, 1.8, _BRIGHT, _SPORT),
    Shelf("shoes", "sneakers", "Sneaker", 22, (55, 140), 3.2, 1.0, 0.01, 1.6, _BRIGHT, (*_SPORT, "Maison Loup")),
    Shelf("shoes", "hiking_boots", "Hiking Boot", 14, (95, 240), 1.4, 0.8, 0.0, 1.6, ("brown", "black", "grey"), _CAMP),
    Shelf("shoes", "sandals", "Sandal", 10, (30, 90), 0.8, 1.0, 0.02, 1.3, _SOFT, _FASHION),
    Shelf("clothing", "t_shirts", "T-Shirt", 24, (15, 45), 3.0, 1.4, 0.22, 1.1, _BRIGHT, _FASHION),
    Shelf("clothing", "jackets", "Jacket", 18, (75, 320), 1.8, 0.7, 0.01, 1.6, _SOFT, (*_FASHION, "Norrsken")),
    Shelf("clothing", "trousers", "Trousers", 16, (40, 120), 1.8, 1.0, 0.04, 1.9, _SOFT, _FASHION),
    Shelf("clothing", "dresses", "Dress", 16, (45, 160), 1.9, 0.9, 0.01, 2.2, _SOFT, _FASHION),
    Shelf("clothing", "knitwear", "Jumper", 14, (40, 150), 1.3, 1.0, 0.03, 1.4, _SOFT, _FASHION),
    Shelf("outdoor", "tents", "Tent", 12, (120, 650), 1.3, 0.6, 0.0, 0.8, ("green", "orange", "grey", "red"), _CAMP),
    Shelf("outdoor", "sleeping_bags", "Sleeping Bag", 12, (60, 320), 1.1, 0.9, 0.12, 0.6, _BRIGHT, _CAMP),
    Shelf("outdoor", "backpacks", "Backpack", 16, (50, 260), 1.8, 0.9, 0.02, 0.9, _BRIGHT, (*_CAMP, "Alba")),
    Shelf("outdoor", "headlamps", "Headlamp", 8, (20, 110), 0.9, 1.3, 0.12, 0.5, _NONE, _CAMP),
    Shelf("outdoor", "bottles", "Bottle", 10, (12, 45), 0.9, 1.7, 0.25, 0.3, _BRIGHT, _CAMP),
    Shelf("coffee", "espresso_machines", "Espresso Machine", 12, (190, 1450), 2.2, 0.5, 0.0, 0.7, _METAL, _COFFEE),
    Shelf("coffee", "grinders", "Grinder", 10, (45, 480), 1.2, 0.8, 0.0, 0.6, _METAL, _COFFEE),
    Shelf("coffee", "coffee_beans", "Beans", 18, (8, 24), 2.6, 2.8, 0.55, 0.05, _NONE, ("Brava", "Moka Nord")),
    Shelf("coffee", "filter_brewers", "Filter Brewer", 8, (20, 160), 0.8, 1.1, 0.01, 0.5, _METAL, _COFFEE),
    Shelf("kitchen", "cookware", "Pan", 14, (25, 290), 1.6, 0.9, 0.06, 0.4, _METAL, _TABLE),
    Shelf("kitchen", "knives", "Knife", 10, (20, 210), 1.0, 0.9, 0.08, 0.3, _NONE, _TABLE),
    Shelf("kitchen", "tableware", "Bowl", 12, (8, 48), 1.1, 1.4, 0.6, 0.5, _SOFT, _TABLE),
    Shelf("home", "lamps", "Lamp", 14, (30, 260), 1.4, 0.7, 0.09, 0.7, _METAL, _TABLE),
    Shelf("home", "textiles", "Throw", 12, (20, 180), 1.1, 0.9, 0.15, 0.8, _SOFT, _TABLE),
    Shelf("home", "candles", "Candle", 10, (9, 48), 1.0, 1.8, 0.35, 0.1, _NONE, ("Calanque", "Hygge & Co")),
    Shelf("beauty", "skincare", "Face Cream", 16, (9, 85), 1.8, 1.6, 0.18, 0.2, _NONE, _CARE),
    Shelf("beauty", "perfume", "Perfume", 12, (35, 190), 1.2, 0.8, 0.03, 0.3, _NONE, _CARE),
    Shelf("beauty", "haircare", "Shampoo", 10, (8, 40), 0.9, 1.9, 0.4, 0.1, _NONE, _CARE),
)

CATEGORIES = tuple(dict.fromkeys(shelf.category for shelf in SHELVES))

APPEAL = {
    "shoes": 1.35, "clothing": 1.6, "outdoor": 1.0, "coffee": 0.85, "kitchen": 0.7, "home": 0.65, "beauty": 0.8,
}  # fmt: skip
"""How many customers have each category as their favourite, relative to the others."""

INTERESTS = {
    "shoes": ("running", "trail_running", "streetwear"), "clothing": ("fashion", "vintage", "knitting"),
    "outdoor": ("hiking", "camping", "climbing"), "coffee": ("espresso", "filter_coffee", "baking"),
    "kitchen": ("cooking", "baking", "wine"), "home": ("interior", "gardening", "diy"),
    "beauty": ("skincare", "perfume", "wellness"),
}  # fmt: skip
"""What people who like a category say they are interested in."""

MODELS = (
    "Aalto", "Aurore", "Belle-Île", "Brise", "Calvi", "Cairn", "Delta", "Dune", "Écume", "Estrel", "Fjord", "Galet",
    "Glacier", "Halo", "Iroise", "Jura", "Karst", "Lumen", "Lyre", "Mistral", "Nacre", "Océan", "Onyx", "Pampa",
    "Pollen", "Quartz", "Ravel", "Sarek", "Sienne", "Tarn", "Tundra", "Ursa", "Vercors", "Vesper", "Yser", "Zéphyr",
)  # fmt: skip
