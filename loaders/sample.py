"""A synthetic catalogue with the shape of the real one, for trying the pipeline out.

Every word below was written for this project. The classes keep the proportions of the
challenge's training labels; the texts are learnable but not trivially so: a share of the
words belongs to no class and some products borrow another class's words.
"""

import csv
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

from core.durable import durable_path
from core.errors import SourceError

TEST_SHARE = 0.16  # the challenge has 13,812 test rows for 84,916 training rows
BORROWED = 0.12
NO_DESCRIPTION = 0.35
FIRST_PRODUCT = 100_000_000
FIRST_IMAGE = 500_000_000


@dataclass(frozen=True)
class Category:
    """A class, how many of the challenge's 84,916 rows it has, and words for it."""

    code: int
    count: int
    words: tuple[str, ...]


def _category(code: int, count: int, words: str) -> Category:
    return Category(code, count, tuple(words.split()))


CATEGORIES = (
    _category(10, 3116, "roman tome broché auteur édition lecture chapitre récit"),
    _category(40, 2508, "jeu console import version japonaise cartouche édition"),
    _category(50, 1681, "manette câble chargeur console housse adaptateur volant"),
    _category(60, 832, "console portable rétro écran mémoire Go noire mini"),
    _category(
        1140, 2671, "figurine pop résine héros socle collection peinte porte-clés"
    ),
    _category(
        1160, 3953, "carte rare holographique booster brillante édition française"
    ),
    _category(1180, 764, "dé stratégie figurine plateau armée peinture miniature"),
    _category(
        1280, 4870, "peluche jouet poupée enfant véhicule dinosaure camion musical"
    ),
    _category(1281, 2070, "société jeu cartes famille puzzle joueurs plateau enfant"),
    _category(
        1300, 5045, "drone télécommandé hélice batterie quadricoptère moteur voiture"
    ),
    _category(
        1301, 807, "chaussettes bébé fléchettes billard babyfoot baby-foot balle"
    ),
    _category(
        1302, 2491, "pêche leurre trottinette vélo tente plein-air trampoline arc"
    ),
    _category(1320, 3241, "poussette bébé biberon couche langer sac tétine gigoteuse"),
    _category(
        1560, 5073, "table chaise meuble bois commode canapé tiroir matelas étagère"
    ),
    _category(1920, 4303, "coussin housse taie décoration canapé lin motif rideau"),
    _category(1940, 803, "café chocolat confiture biscuit sachet sirop épices arôme"),
    _category(2060, 4993, "guirlande lampe sticker mural LED décoration Noël horloge"),
    _category(2220, 824, "chien chat collier laisse niche gamelle litière harnais"),
    _category(2280, 4760, "revue journal numéro magazine hebdomadaire illustré juin"),
    _category(
        2403, 4774, "lot livres volumes collection mangas tomes bandes dessinées"
    ),
    _category(2462, 1421, "lot consoles jeux manettes occasion pack complet boîte"),
    _category(2522, 4989, "cahier stylo papier carnet classeur feuilles encre bloc"),
    _category(
        2582, 2589, "jardin salon parasol bâche extérieur tonnelle hamac coussin"
    ),
    _category(2583, 10209, "piscine pompe filtre spa chlore bâche échelle robot liner"),
    _category(2585, 2496, "tondeuse perceuse outil arrosage lame tuyau scie jardinage"),
    _category(2705, 2761, "essai histoire guide philosophie art biographie ouvrage"),
    _category(2905, 872, "téléchargement PC simulation aventure clé jeu numérique"),
)
COMMON_WORDS = """
nouveau lot qualité noir blanc bleu rouge grand petit avec pour livraison
état original pratique cadeau modèle couleur taille haute série france idéal
léger résistant facile confort style moderne classique pièces cm adulte
"""
COMMON = tuple(COMMON_WORDS.split())
PHRASES = (
    "Livré sous 48 h, emballage soigné.",
    "Idéal pour offrir à Noël ou pour un anniversaire.",
    "Matière douce, facile à nettoyer &amp; durable.",
    "Dimensions : 30 x 20 cm, poids 450 g.",
    "Neuf, jamais utilisé. Prix &lt; 20 &euro;.",
    "L&#39;essentiel d&eacute;j&agrave; compris dans la bo&icirc;te.",
    "Garantie 2 ans, pièces et main-d'œuvre.",
    'Modèle dit "premium", finition soignée.',
    "Attention : ne convient pas aux enfants de moins de 3 ans.",
)


FILES = ("X_train.csv", "Y_train.csv", "X_test.csv")


def write_sample(folder: Path, rows: int, seed: int) -> None:
    """Write X_train.csv, Y_train.csv and X_test.csv; the same seed gives the same bytes.

    Each file is renamed into place when it is complete, the labels last.

    Raises:
        SourceError: the folder cannot be written to.
    """
    try:
        _write_files(folder, rows, seed)
    except OSError as error:
        raise SourceError(
            f"{folder} cannot be written to: {error.strerror}. Name another folder."
        ) from None


def _write_files(folder: Path, rows: int, seed: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    rng = random.Random(seed)  # noqa: S311 - not for secrets
    codes = _classes(rows, rng)
    test = _classes(round(rows * TEST_SHARE), rng)
    header = ("", "designation", "description", "productid", "imageid")
    _write(folder / "X_train.csv", header, _products(codes, 0, rng))
    _write(folder / "X_test.csv", header, _products(test, rows, rng))
    labels = ((number, category.code) for number, category in enumerate(codes))
    _write(folder / "Y_train.csv", ("", "prdtypecode"), labels)


def _classes(rows: int, rng: random.Random) -> list[Category]:
    """Draw classes in the real proportions; from 27 rows on every class occurs."""
    certain = CATEGORIES[:rows]
    weights = list(accumulate(category.count for category in CATEGORIES))
    drawn = rng.choices(CATEGORIES, cum_weights=weights, k=rows - len(certain))
    codes = [*certain, *drawn]
    rng.shuffle(codes)
    # The first slice needs every class too.
    return sorted(codes, key=codes.index) if rows < len(CATEGORIES) else codes


def _products(
    categories: Sequence[Category], first: int, rng: random.Random
) -> Iterator[tuple[object, ...]]:
    for number, category in enumerate(categories, start=first):
        yield (
            number,
            _designation(category, rng),
            _description(category, rng),
            FIRST_PRODUCT + 37 * number,
            FIRST_IMAGE + 53 * number,
        )


def _designation(category: Category, rng: random.Random) -> str:
    if rng.random() < BORROWED:
        category = rng.choice(CATEGORIES)
    words = rng.choices(category.words, k=rng.randint(1, 3))
    words += rng.choices(COMMON, k=rng.randint(2, 5))
    rng.shuffle(words)
    name = " ".join(words).capitalize()
    return f"{name} - {rng.randint(1, 99)} x {rng.randint(1, 40)}"


def _description(category: Category, rng: random.Random) -> str:
    if rng.random() < NO_DESCRIPTION:
        return ""
    words = rng.choices(category.words + COMMON, k=rng.randint(4, 14))
    parts = [
        " ".join(words).capitalize() + ".",
        *rng.sample(PHRASES, rng.randint(1, 3)),
    ]
    style = rng.random()
    if style < 0.3:
        return "<p>" + "</p><p>".join(parts) + "</p>"
    return ("<br />" if style < 0.5 else "\n" if style < 0.65 else " ").join(parts)


def _write(
    path: Path, header: Sequence[str], rows: Iterable[tuple[object, ...]]
) -> None:
    with (
        durable_path(path) as work,
        work.open("w", encoding="utf-8", newline="") as file,
    ):
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
